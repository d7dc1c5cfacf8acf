import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.recipes.leader.LeaderElectionAware;
import org.apache.zookeeper.recipes.leader.LeaderElectionSupport;
import org.apache.zookeeper.recipes.leader.LeaderElectionSupport.EventType;

/** ZooKeeper's own LeaderElectionSupport, which leaves lost connections and sessions to its user. */
final class ZookeeperLeaderElectionSupport implements Lines.Candidate, LeaderElectionAware {
  private ZooKeeper session;
  private LeaderElectionSupport support;
  private Lines.Joining wanted;
  private volatile boolean isElected;

  public static void main(String[] args) throws Exception {
    Lines.follow(new ZookeeperLeaderElectionSupport());
  }

  @Override
  public synchronized void join(Lines.Joining joining) throws Exception {
    wanted = joining;
    if (session == null)
      session = new ZooKeeper(joining.connect(), joining.sessionTimeoutMs(), this::sees);
    if (support != null) return;
    support = new LeaderElectionSupport();
    support.setZooKeeper(session);
    support.setHostName(joining.candidate());
    support.setRootNodeName(joining.election());
    support.addListener(this);
    support.start();
  }

  private void sees(WatchedEvent event) {
    if (event.getState() == KeeperState.SyncConnected && isElected) Lines.leading();
    if (event.getState() == KeeperState.Disconnected) Lines.ended();
    if (event.getState() == KeeperState.Expired) beginAnew();
  }

  private void beginAnew() {
    isElected = false;
    Lines.ended();
    ZooKeeper over = session;
    new Thread(() -> replace(over)).start();
  }

  private synchronized void replace(ZooKeeper over) {
    if (session != over || wanted == null) return;
    try {
      session.close();
      session = null;
      support = null;
      join(wanted);
    } catch (Exception failure) {
      failure.printStackTrace();
    }
  }

  /** Whoever fails has to revoke its offer, says the recipe; the end of the session does so for certain. */
  @Override
  public void onElectionEvent(EventType event) {
    isElected = event == EventType.ELECTED_COMPLETE;
    if (isElected) Lines.leading();
    else Lines.ended();
    if (event == EventType.FAILED) beginAnew();
  }

  @Override
  public synchronized void resign() {
    wanted = null;
    if (support != null) support.stop();
    support = null;
  }

  @Override
  public synchronized void leave() throws Exception {
    resign();
    if (session != null) session.close();
  }
}
