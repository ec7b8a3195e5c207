package io.agentledger.command.claude.snapshot;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.support.BoundedMap;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state of a session's files and puts it back. Unchanged files are neither read nor kept
 * again. Blocks; of one session by one thread at a time.
 */
public final class SnapshotService {
  private static final Logger log = LoggerFactory.getLogger(SnapshotService.class);

  /** Of the CLI's own folder, what a conversation goes on with. */
  private static final List<String> CONVERSATION = List.of(".claude", "projects");

  private static final int REMEMBERED_MAX = 256;

  private final SealedBlobStore store;
  private final SnapshotReader snapshotReader;
  private final SnapshotSettings settings;
  private final Clock clock;
  private final Map<SessionId, TreeCaches> cachesBySession =
      BoundedMap.accessOrdered(REMEMBERED_MAX);

  public SnapshotService(SealedBlobStore store, SnapshotSettings settings, Clock clock) {
    this.store = store;
    this.snapshotReader = new SnapshotReader(store);
    this.settings = settings;
    this.clock = clock;
  }

  /** Caches of the trees as they were read last. */
  private record TreeCaches(FileStatCache workspace, FileStatCache conversation) {}

  /** Names of the two manifests of a session's files. */
  public record ManifestNames(Optional<String> workspace, Optional<String> conversation) {
    public static final ManifestNames NONE = new ManifestNames(Optional.empty(), Optional.empty());
  }

  /**
   * A conversation that is kept.
   *
   * @param manifest names it
   * @param bytes that were added to the content store for it
   */
  public record StoredConversation(String manifest, long bytes) {}

  /**
   * Keeps what the trees hold now.
   *
   * @param before the last state that was kept
   */
  public CheckpointContent takeSnapshot(SessionId session, SessionPaths files, ManifestNames before)
      throws IOException {
    var workspace =
        storeWorkspace(session, files, before.workspace().filter(manifest -> !manifest.isEmpty()));
    var conversation = storeConversation(session, files, before.conversation());
    return new CheckpointContent(
        workspace.name(),
        conversation.manifest(),
        workspace.manifest().fileCount(),
        workspace.manifest().totalBytes(),
        workspace.stored() + conversation.bytes());
  }

  /**
   * Keeps the conversation as it is now; one that is not on the disk is what it was.
   *
   * @param before as it was kept last
   */
  public StoredConversation storeConversation(
      SessionId session, SessionPaths files, Optional<String> before) throws IOException {
    if (before.isPresent() && !files.hasConversation()) {
      return new StoredConversation(before.get(), 0);
    }
    var stored =
        storeTree(
            session,
            before,
            (packWriter, known) ->
                treeReader(packWriter, cachesOf(session).conversation())
                    .appendingTo(known)
                    .readBelow(files.home(), CONVERSATION));
    return new StoredConversation(stored.name(), stored.stored());
  }

  private StoredTree storeWorkspace(SessionId session, SessionPaths files, Optional<String> before)
      throws IOException {
    TreeScan treeScan =
        (packWriter, known) ->
            treeReader(packWriter, cachesOf(session).workspace()).read(files.workspace());
    if (files.boundDirectory().isEmpty()) return storeTree(session, before, treeScan);
    try {
      LiveTreeScanner.requireWithinLimits(files.workspace(), settings);
      return storeTree(session, before, treeScan);
    } catch (TreeTooLargeException tooLarge) {
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("why", tooLarge.getMessage())
          .log("of a folder that a session works in nothing is kept");
      return new StoredTree("", Manifest.EMPTY, 0); // The conversation is kept all the same.
    }
  }

  /**
   * Makes a folder that the session works in what it was, in place.
   *
   * @throws TreeTooLargeException if it holds more by now than can be compared
   */
  public void restore(
      SessionId session, SessionPaths files, OwnerScriptRunner ownerScriptRunner, String manifest)
      throws IOException {
    new InPlaceRestore(files, ownerScriptRunner, settings)
        .restore(session, load(session, manifest), snapshotReader);
  }

  private TreeReader treeReader(PackWriter packWriter, FileStatCache fileStatCache) {
    return new TreeReader(packWriter, fileStatCache, settings, clock.instant());
  }

  /** Scan of a tree. */
  private interface TreeScan {
    List<Manifest.Entry> scan(PackWriter packWriter, Manifest before) throws IOException;
  }

  private record StoredTree(String name, Manifest manifest, long stored) {}

  private StoredTree storeTree(SessionId session, Optional<String> last, TreeScan treeScan)
      throws IOException {
    var before = last.map(name -> load(session, name)).orElse(Manifest.EMPTY);
    var packWriter = new PackWriter(session, store, before);
    var entries = treeScan.scan(packWriter, before);
    var manifest = packWriter.manifest(entries);
    if (last.isPresent() && manifest.entries().equals(before.entries()))
      return new StoredTree(last.get(), before, 0);
    var storedBlob = store.put(session, SnapshotReader.MANIFEST, manifest.toBytes());
    return new StoredTree(
        storedBlob.name(), manifest, packWriter.storedBytes() + storedBlob.bytes());
  }

  private TreeCaches cachesOf(SessionId session) {
    synchronized (cachesBySession) {
      return cachesBySession.computeIfAbsent(
          session, id -> new TreeCaches(new FileStatCache(), new FileStatCache()));
    }
  }

  /** The files of another life of this session, or of another session, are not looked at again. */
  public void evict(SessionId session) {
    synchronized (cachesBySession) {
      cachesBySession.remove(session);
    }
  }

  /** What was kept under that name. */
  public Manifest load(SessionId session, String manifest) {
    return snapshotReader.load(session, manifest);
  }

  /** A kept tree into a new, empty folder that nobody else can reach. */
  public void restore(SessionId session, String manifest, Path into) throws IOException {
    snapshotReader.restore(session, manifest, into);
  }
}
