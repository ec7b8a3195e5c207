package io.agentledger.command.claude.snapshot;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.api.workspace.PathChanges;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.support.BoundedMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes and restores snapshots of a session's files. Unchanged files are neither read nor stored
 * again. Blocks; only one thread at a time may store or restore files of one session.
 */
public final class SnapshotService {
  private static final Logger log = LoggerFactory.getLogger(SnapshotService.class);

  /** Directory of the CLI's home that contains the conversation. */
  private static final List<String> CONVERSATION = List.of(".claude", "projects");

  private static final int REMEMBERED_MAX = 256;

  /**
   * Maximum number of files and entries of manifests in the caches, without those of the session
   * that was used last.
   */
  private static final int CACHED_ENTRIES_MAX = 100_000;

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

  /** Caches of both trees. */
  private record TreeCaches(TreeCache workspace, TreeCache conversation) {
    int size() {
      return workspace.size() + conversation.size();
    }
  }

  /** Attributes of the files of one tree, and its last manifest. */
  private static final class TreeCache {
    final FileStatCache fileStats = new FileStatCache();
    private volatile NamedManifest last = new NamedManifest("", Manifest.EMPTY);

    private record NamedManifest(String name, Manifest manifest) {}

    Optional<Manifest> findManifest(String name) {
      var named = last;
      return named.name().equals(name) ? Optional.of(named.manifest()) : Optional.empty();
    }

    void keepManifest(String name, Manifest manifest) {
      last = new NamedManifest(name, manifest);
    }

    int size() {
      return fileStats.size() + last.manifest().entries().size();
    }
  }

  /** Names of the two manifests of a session's files. */
  public record ManifestNames(Optional<String> workspace, Optional<String> conversation) {
    public static final ManifestNames NONE = new ManifestNames(Optional.empty(), Optional.empty());
  }

  /**
   * A stored conversation.
   *
   * @param manifest name of its manifest
   * @param bytes bytes that were added to the content store for it
   */
  public record StoredConversation(String manifest, long bytes) {}

  /**
   * A snapshot of both trees.
   *
   * @param changes changes of the workspace since the previous snapshot
   */
  public record Snapshot(CheckpointContent content, PathChanges changes) {}

  /**
   * Takes a snapshot of both trees.
   *
   * @param before names of the previous snapshot
   */
  public Snapshot takeSnapshot(SessionId session, SessionPaths files, ManifestNames before)
      throws IOException {
    var workspace =
        storeWorkspace(session, files, before.workspace().filter(manifest -> !manifest.isEmpty()));
    cachesOf(session).workspace().fileStats.retain(workspace.manifest());
    var conversation = storeConversation(session, files, before.conversation());
    boolean unknown =
        workspace.name().isEmpty() || before.workspace().filter(""::equals).isPresent();
    return new Snapshot(
        new CheckpointContent(
            workspace.name(),
            conversation.manifest(),
            workspace.manifest().fileCount(),
            workspace.manifest().totalBytes(),
            workspace.stored() + conversation.bytes()),
        unknown
            ? PathChanges.UNKNOWN
            : PathChanges.of(
                new ManifestComparison(workspace.before(), workspace.manifest()).changes()));
  }

  /**
   * Stores the conversation; if it is not on the disk, the previous one stays valid.
   *
   * @param before names of the previous snapshot
   */
  public StoredConversation storeConversation(
      SessionId session, SessionPaths files, Optional<String> before) throws IOException {
    if (before.isPresent() && !files.hasConversation()) {
      return new StoredConversation(before.get(), 0);
    }
    var cache = cachesOf(session).conversation();
    var stored =
        storeTree(
            session,
            before,
            cache,
            (packWriter, known) ->
                treeReader(packWriter, cache.fileStats)
                    .appendingTo(known)
                    .readBelow(files.home(), CONVERSATION));
    return new StoredConversation(stored.name(), stored.stored());
  }

  private StoredTree storeWorkspace(SessionId session, SessionPaths files, Optional<String> before)
      throws IOException {
    var cache = cachesOf(session).workspace();
    TreeScan treeScan =
        (packWriter, known) -> treeReader(packWriter, cache.fileStats).read(files.workspace());
    if (files.boundDirectory().isEmpty()) return storeTree(session, before, cache, treeScan);
    try {
      LiveTreeScanner.requireWithinLimits(files.workspace(), settings);
      return storeTree(session, before, cache, treeScan);
    } catch (TreeTooLargeException tooLarge) {
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("why", tooLarge.getMessage())
          .log("no snapshot of a bound directory: it exceeds the limits");
      return new StoredTree(
          "", Manifest.EMPTY, Manifest.EMPTY, 0); // The conversation is stored nevertheless.
    }
  }

  /**
   * Restores a bound directory in place.
   *
   * @throws TreeTooLargeException if it now exceeds the limits of a snapshot
   */
  public void restore(
      SessionId session, SessionPaths files, OwnerScriptRunner ownerScriptRunner, String manifest)
      throws IOException {
    new InPlaceRestore(files, ownerScriptRunner, settings)
        .restore(session, load(session, manifest), snapshotReader);
  }

  /**
   * Returns the manifest of the workspace as it is now, without storing anything. Any thread may
   * call it.
   *
   * @throws TreeTooLargeException if it exceeds the limits of a snapshot
   */
  public Manifest scan(SessionId session, SessionPaths files) throws IOException {
    var cache = cachesOf(session).workspace().fileStats;
    var manifest = LiveTreeScanner.scan(files.workspace(), settings, cache, clock.instant());
    cache.retain(manifest);
    return manifest;
  }

  private TreeReader treeReader(PackWriter packWriter, FileStatCache fileStatCache) {
    return new TreeReader(packWriter, fileStatCache, settings, clock.instant());
  }

  /** Scan of a tree. */
  private interface TreeScan {
    List<Manifest.Entry> scan(PackWriter packWriter, Manifest before) throws IOException;
  }

  private record StoredTree(String name, Manifest before, Manifest manifest, long stored) {}

  private StoredTree storeTree(
      SessionId session, Optional<String> last, TreeCache cache, TreeScan treeScan)
      throws IOException {
    var before =
        last.map(name -> cache.findManifest(name).orElseGet(() -> load(session, name)))
            .orElse(Manifest.EMPTY);
    var packWriter = new PackWriter(session, store, before);
    var entries = treeScan.scan(packWriter, before);
    var manifest = packWriter.manifest(entries);
    if (last.isPresent() && manifest.hasSameEntries(before)) {
      cache.keepManifest(last.get(), before);
      return new StoredTree(last.get(), before, before, 0);
    }
    var storedBlob = store.put(session, SnapshotReader.MANIFEST, manifest.toBytes());
    cache.keepManifest(storedBlob.name(), manifest);
    return new StoredTree(
        storedBlob.name(), before, manifest, packWriter.storedBytes() + storedBlob.bytes());
  }

  private TreeCaches cachesOf(SessionId session) {
    synchronized (cachesBySession) {
      var caches =
          cachesBySession.computeIfAbsent(
              session, id -> new TreeCaches(new TreeCache(), new TreeCache()));
      int others = 0;
      for (var other : cachesBySession.values()) if (other != caches) others += other.size();
      var eldest = cachesBySession.values().iterator();
      while (others > CACHED_ENTRIES_MAX) {
        others -= eldest.next().size();
        eldest.remove();
      }
      return caches;
    }
  }

  /** Removes the session's caches. */
  public void evict(SessionId session) {
    synchronized (cachesBySession) {
      cachesBySession.remove(session);
    }
  }

  /** Loads a manifest by its name. */
  public Manifest load(SessionId session, String manifest) {
    return snapshotReader.load(session, manifest);
  }

  /** Restores a snapshot into a new, empty directory that no other user can reach. */
  public void restore(SessionId session, String manifest, Path into) throws IOException {
    snapshotReader.restore(session, manifest, into);
  }
}
