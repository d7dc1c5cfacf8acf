import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Apache Curator's LeaderSelector: it leads while its listener does not return. */
final class CuratorLeaderSelector extends LeaderSelectorListenerAdapter
    implements Lines.Candidate {
  private CuratorFramework client;
  private LeaderSelector selector;

  public static void main(String[] args) throws Exception {
    Lines.follow(new CuratorLeaderSelector());
  }

  @Override
  public synchronized void join(Lines.Joining joining) {
    if (client == null) {
      client =
          CuratorFrameworkFactory.builder()
              .connectString(joining.connect())
              .sessionTimeoutMs(joining.sessionTimeoutMs())
              .connectionTimeoutMs(joining.sessionTimeoutMs())
              .retryPolicy(new ExponentialBackoffRetry(100, 5))
              // It would take the servers' own addresses from them.
              .ensembleTracker(false)
              .build();
      client.start();
    }
    if (selector != null) return;
    selector = new LeaderSelector(client, joining.election(), this);
    selector.setId(joining.candidate());
    selector.autoRequeue();
    selector.start();
  }

  /** Its superclass interrupts it when the connection is suspended or lost. */
  @Override
  public void takeLeadership(CuratorFramework client) throws InterruptedException {
    Lines.leading();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } finally {
      Lines.ended();
    }
  }

  @Override
  public synchronized void resign() {
    if (selector != null) selector.close();
    selector = null;
  }

  @Override
  public synchronized void leave() {
    resign();
    if (client != null) client.close();
  }
}
