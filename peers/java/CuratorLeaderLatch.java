import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Apache Curator's LeaderLatch. It joins again by itself when its session has ended. */
final class CuratorLeaderLatch implements Lines.Candidate {
  private CuratorFramework client;
  private LeaderLatch latch;

  public static void main(String[] args) throws Exception {
    Lines.follow(new CuratorLeaderLatch());
  }

  @Override
  public synchronized void join(Lines.Joining joining) throws Exception {
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
    if (latch != null) return;
    latch =
        new LeaderLatch(
            client, joining.election(), joining.candidate(), LeaderLatch.CloseMode.NOTIFY_LEADER);
    latch.addListener(
        new LeaderLatchListener() {
          @Override
          public void isLeader() {
            Lines.leading();
          }

          @Override
          public void notLeader() {
            Lines.ended();
          }
        });
    latch.start();
  }

  @Override
  public synchronized void resign() throws Exception {
    if (latch != null) latch.close();
    latch = null;
  }

  @Override
  public synchronized void leave() throws Exception {
    resign();
    if (client != null) client.close();
  }
}
