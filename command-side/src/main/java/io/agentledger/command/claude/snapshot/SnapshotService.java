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
  private final Map<SessionId, Memory> memories = BoundedMap.used(REMEMBERED_MAX);

  public SnapshotService(SealedBlobStore store, SnapshotSettings settings, Clock clock) {
    this.store = store;
    this.snapshotReader = new SnapshotReader(store);
    this.settings = settings;
    this.clock = clock;
  }

  /** How the trees looked the last time. */
  private record Memory(FileStatCache workspace, FileStatCache conversation) {}

  /** Where a session's files are kept: the names of two manifests. */
  public record ManifestNames(String workspace, String conversation) {}

  /**
   * Keeps what the trees hold now.
   *
   * @param before the last state that was kept, if one was
   */
  public CheckpointContent takeSnapshot(
      SessionId session, SessionPaths files, Optional<ManifestNames> before) throws IOException {
    var memory = memory(session);
    var work =
        work(session, files, before.map(ManifestNames::workspace).filter(it -> !it.isEmpty()));
    var talk =
        taken(
            session,
            before.map(ManifestNames::conversation),
            packWriter ->
                reading(packWriter, memory.conversation()).below(files.home(), CONVERSATION));
    return new CheckpointContent(
        work.name(),
        talk.name(),
        work.manifest().files(),
        work.manifest().bytes(),
        work.stored() + talk.stored());
  }

  private Taken work(SessionId session, SessionPaths files, Optional<String> before)
      throws IOException {
    Reading reading =
        packWriter -> reading(packWriter, memory(session).workspace()).read(files.workspace());
    if (files.bound().isEmpty()) return taken(session, before, reading);
    try {
      LiveTreeScanner.requireWithinLimits(files.workspace(), settings);
      return taken(session, before, reading);
    } catch (TreeTooLargeException much) {
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("why", much.getMessage())
          .log("of a folder that a session works in nothing is kept");
      return new Taken("", Manifest.EMPTY, 0); // The conversation is kept all the same.
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
        .to(session, load(session, manifest), snapshotReader);
  }

  private TreeReader reading(PackWriter packWriter, FileStatCache fileStatCache) {
    return new TreeReader(packWriter, fileStatCache, settings, clock.instant());
  }

  /** How a tree is read. */
  private interface Reading {
    List<Manifest.Entry> with(PackWriter packWriter) throws IOException;
  }

  private record Taken(String name, Manifest manifest, long stored) {}

  private Taken taken(SessionId session, Optional<String> last, Reading reading)
      throws IOException {
    var before = last.map(name -> load(session, name)).orElse(Manifest.EMPTY);
    var packWriter = new PackWriter(session, store, before);
    var entries = reading.with(packWriter);
    var manifest = packWriter.manifest(entries);
    if (last.isPresent() && manifest.entries().equals(before.entries()))
      return new Taken(last.get(), before, 0);
    var kept = store.put(session, SnapshotReader.MANIFEST, manifest.toBytes());
    return new Taken(kept.name(), manifest, packWriter.stored() + kept.bytes());
  }

  private Memory memory(SessionId session) {
    synchronized (memories) {
      return memories.computeIfAbsent(
          session, id -> new Memory(new FileStatCache(), new FileStatCache()));
    }
  }

  /** The files of another life of this session, or of another session, are not looked at again. */
  public void evict(SessionId session) {
    synchronized (memories) {
      memories.remove(session);
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
