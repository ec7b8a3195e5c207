package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.crypto.ContentUnavailableException;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * The files of a session outlive their directory, with the real CLI, a real PostgreSQL and a real
 * content store.
 */
@TestPropertySource(
    properties = "agentledger.snapshot.timeout=1m") // Its own: deleted with its run directory.
class FileCheckpointServiceIT extends FilesTestSupport {
  @Autowired SnapshotService snapshots;
  @Autowired SealedBlobStore store;
  @Autowired FileCheckpointService fileCheckpointService;
  @Autowired FileHistory history;
  @Autowired WorkspaceFiles files;
  @Autowired DeletedSessionCleaner cleaner;

  private Path base() {
    return runDirectory.sessions().resolve(session.value());
  }

  @Autowired private SessionFiles sessionFiles;

  @Test
  void sessionContinuesAfterItsDirectoryWasDeleted() throws IOException {
    open();
    submitAndAwait(
        shell("mkdir -p a/b && echo kept > a/b/file && chmod 750 a/b/file && ln -s b/file a/link"));
    endProcess();
    runDirectory.delete(session.value());
    assertThat(base()).doesNotExist();

    var second = submitAndAwait(shell("cat a/link; stat -c %a a/b/file; echo more >> a/b/file"));

    assertThat(result(second)).contains("kept").contains("750");
    assertThat(workspaceFile("a/b/file")).isEqualTo("kept\nmore\n");
    assertThat(events(RunInitialized.class)).hasSize(2);
    assertThat(transcript(session))
        .as("one conversation holds both prompts")
        .contains("mkdir -p a/b")
        .contains("cat a/link");
    try (var files = Files.walk(base().resolve("home/.claude/projects"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".jsonl"))).hasSize(1);
    }
  }

  /** Ways in which a process ends. */
  enum Ending {
    IDLE,
    TERMINATED,
    KILLED
  }

  @ParameterizedTest
  @EnumSource
  void conversationIsInTheContentStoreAloneAfterItsProcess(Ending ending) throws IOException {
    String nonce = "nonce-" + UUID.randomUUID();
    openShared();
    submitAndAwait(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "echo %1$s; sleep 300", description: w, run_in_background: true}
        - calls:
            - {tool: Bash, input: {command: "echo %1$s", description: Does it}}
        - say: "It is %1$s."
        ```
        """
            .formatted(nonce));
    await().until(() -> filesWith(nonce).stream().anyMatch(file -> file.startsWith(tmp())));
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    switch (ending) {
      case IDLE -> supervisor.shutdownGracefully();
      case TERMINATED -> supervisor.terminate();
      case KILLED -> supervisor.context().process().kill();
    }
    supervisor.termination().join();

    assertThat(filesWith(nonce)).isEmpty();
    assertThat(base().resolve("run")).isEmptyDirectory();

    submitAndAwait(shell("echo again"));

    assertThat(transcript(session)).contains(nonce, "echo again");
  }

  /** Points at which the service is killed while it saves the files of a process. */
  enum Crash {
    BEFORE_ANYTHING,
    BEFORE_REMOVAL,
    DURING_REMOVAL,
    BEFORE_THE_JOURNAL_GOES,
    WHILE_THE_JOURNAL_GOES
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @EnumSource
  void nextStartOfTheServicePutsAwayWhatWasLeft(Crash crash) throws Exception {
    String nonce = "nonce-" + UUID.randomUUID();
    openShared();
    submitAndAwait(shell("echo " + nonce));
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    ClaudeProcess process = supervisor.context().process();
    supervisor.detach(); // As if the service were killed.
    supervisor.termination().join();
    process.shutdownGracefully(Duration.ofSeconds(10), false);
    writeAfterTheResult(nonce);
    Path left = runDirectory.root().resolve(session.value());
    copy(base(), left);
    if (crash != Crash.BEFORE_ANYTHING) {
      recovery.recover();
      assertThat(filesWith(nonce)).isEmpty();
      switch (crash) {
        case BEFORE_REMOVAL -> putBack(left, "home", "run");
        case DURING_REMOVAL -> {
          putBack(left, "home", "run");
          Files.move(base().resolve("home"), base().resolve("home.old"));
        }
        default -> putBack(left, "run");
      }
      if (crash == Crash.WHILE_THE_JOURNAL_GOES) {
        Files.delete(base().resolve("run").resolve(supervisor.context().id() + "/keeper"));
      }
    }
    TreeDeleter.deleteTree(left);

    recovery.recover();

    assertThat(filesWith(nonce)).isEmpty();
    assertThat(base().resolve("run")).isEmptyDirectory();
    assertThat(events(ConversationStored.class)).hasSize(1);
    var recorded = events().size();
    recovery.recover();
    assertThat(events()).hasSize(recorded);
    submitAndAwait(shell("echo again"));
    assertThat(transcript(session))
        .contains("echo again")
        .containsOnlyOnce("\"content\":\"" + nonce);
  }

  /** Writes a file after the result, as the CLI does; the delay determines how much. */
  private void writeAfterTheResult(String nonce) throws IOException {
    for (Path file : filesWith(nonce))
      if (file.toString().endsWith(".jsonl"))
        Files.writeString(file, "\n", StandardOpenOption.APPEND);
  }

  private static void copy(Path from, Path to) throws Exception {
    var line = new ProcessBuilder("cp", "-a", from.toString(), to.toString());
    assertThat(line.start().waitFor()).isZero();
  }

  private void putBack(Path from, String... names) throws Exception {
    for (String name : names) {
      TreeDeleter.deleteTree(base().resolve(name));
      copy(from.resolve(name), base().resolve(name));
    }
  }

  @Tag("exhaustive")
  @Test
  void conversationThatAnOlderVersionLeftIsKeptAtTheNextStart() throws Exception {
    String nonce = "nonce-" + UUID.randomUUID();
    openShared();
    submitAndAwait(shell("echo " + nonce));
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    supervisor.detach();
    supervisor.termination().join();
    supervisor.context().process().shutdownGracefully(Duration.ofSeconds(10), false);
    supervisor.context().process().deleteFiles();
    writeAfterTheResult(nonce);

    cleaner.sweep();

    assertThat(filesWith(nonce)).isEmpty();
    assertThat(events(ConversationStored.class)).hasSize(1);
    submitAndAwait(shell("echo again"));
    assertThat(transcript(session)).contains(nonce, "echo again");
  }

  private Path tmp() {
    return base().resolve("tmp");
  }

  private List<Path> filesWith(String nonce) throws IOException {
    try (var files = Files.walk(base())) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, nonce)).toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unchangedFilesAreNotStoredAgain() {
    open();
    submitAndAwait(shell("head -c 3000000 /dev/urandom > big"));
    var first = events(CheckpointTaken.class).getLast().content();
    assertThat(first.storedBytes()).isGreaterThan(3_000_000);
    assertThat(first.files()).isEqualTo(1);
    assertThat(first.bytes()).isEqualTo(3_000_000);
    submitAndAwait("scenario: text");
    var second = events(CheckpointTaken.class).getLast().content();
    assertThat(second.workspace()).isEqualTo(first.workspace());
    assertThat(second.conversation()).isNotEqualTo(first.conversation());
    assertThat(second.storedBytes()).isLessThan(100_000);
  }

  @Test
  void rewindRestoresFilesAndTheConversationContinues() throws IOException {
    open();
    submitAndAwait(shell("echo one > file"));
    var first = events(CheckpointTaken.class).getLast();
    submitAndAwait(shell("echo two > file; echo new > other"));
    send(new RewindFiles(session, first.checkpointId(), false, null, null));
    assertThat(events(FilesRewound.class)).hasSize(1);
    assertThat(sessionFiles.pathsOf(session).workspace().resolve("file"))
        .as("read from outside, though a process is there that saw it otherwise")
        .hasContent("one");

    var third = submitAndAwait(shell("cat file; ls"));

    assertThat(result(third)).contains("one").doesNotContain("other");
    assertThat(transcript(session)).contains("echo two").contains("cat file");
  }

  @Tag("exhaustive")
  @Test
  void readerAfterARunWaitsForItsCheckpoint() {
    open();
    submitAndAwait(shell("echo one > file"));
    submitQuery(
        // Saving it takes some time.
        shell("head -c 10000000 /dev/urandom > big; echo two > file"));
    var run = awaitEvents(RunCompleted.class, 2).getLast().runId();
    var point = history.findBranchPoint(session, null);
    var changes = history.diffOfRun(session, run);
    var overrides = new RunOverrides(null, null, null, null, 7, null);
    submitInput(
        new Input.Prompt(
            QueryId.next(), RunId.next(), QueryEvent.Cause.USER, shell("cat file; ls"), overrides));

    assertThat(result(awaitEvents(RunCompleted.class, 3).getLast())).contains("two", "big");
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .as("another process")
        .satisfies(of -> assertThat(of).hasSize(3).last().isNotEqualTo(of.get(1)));
    assertThat(point.toCompletableFuture().join().files()).isEqualTo(2);
    assertThat(changes.toCompletableFuture().join().files()).hasSize(2);
  }

  @Test
  void lateReaderDoesNotRevertFilesOfARun() throws IOException {
    open();
    submitAndAwait(shell("echo one > file"));
    var before = new SessionState(session, super.store, sealer);
    before.catchUp();
    submitAndAwait(shell("echo two > file"));
    endProcess();

    fileCheckpointService.bringUpToDate(before, runDirectory.sessionPaths(session.value(), true));

    assertThat(workspaceFile("file")).isEqualTo("two\n");
  }

  @Test
  void forkDivergesAndTheOriginalIsUnchanged() throws IOException {
    open();
    submitAndAwait(shell("echo one > file"));
    var point = events().size();
    submitAndAwait(shell("echo two > file"));
    var original = session;
    var transcriptBefore = transcript(session);
    endProcess();

    open(new SessionOrigin.Forked(original, point));
    var answer = submitAndAwait(shell("cat file; echo three > file"));

    assertThat(result(answer)).contains("one").doesNotContain("two");
    assertThat(transcript(session))
        .as("the branch knows what was said before, and not what was said after")
        .contains("echo one")
        .doesNotContain("echo two");
    assertThat(workspaceFile("file")).isEqualTo("three\n");
    endProcess();
    var again = submitAndAwait(shell("cat file"));
    assertThat(result(again)).contains("three");
    endProcess();
    var branch = session;
    session = original;
    assertThat(result(submitAndAwait(shell("cat file")))).contains("two");
    assertThat(transcript(session)).startsWith(transcriptBefore);
    assertThat(events(RunInitialized.class)).hasSize(3);
    assertThat(branch).isNotEqualTo(original);
  }

  @Test
  void storedFilesAreUnreadableWithoutTheSessionsKey() throws IOException {
    open();
    submitAndAwait(shell("echo a-canary-of-the-workspace > file"));
    var checkpointContent = events(CheckpointTaken.class).getLast().content();
    var manifest = snapshots.load(session, checkpointContent.workspace());
    assertThat(manifest.entries()).extracting(Manifest.Entry::path).containsExactly("file");
    assertThatThrownBy(() -> snapshots.load(SessionId.next(), checkpointContent.workspace()))
        .isInstanceOf(IllegalStateException.class);
  }

  // Files that users put into a session.

  private void put(String path, String text) throws IOException {
    var staged = files.createStagingFile(session).toCompletableFuture().join();
    Files.writeString(staged, text);
    files.put(session, staged, FilePath.of(path), FileCondition.NONE).toCompletableFuture().join();
  }

  private FileHistory.BranchPoint branchPoint() {
    return history.findBranchPoint(session, null).toCompletableFuture().join();
  }

  private FileHistory.Rewind rewind(CheckpointId to, Runnable afterwards) {
    return history
        .rewind(
            session,
            to,
            undo -> {
              send(new RewindFiles(session, to, false, undo, null));
              afterwards.run();
              return CompletableFuture.completedFuture(undo);
            })
        .toCompletableFuture()
        .join();
  }

  private FileHistory.Rewind rewind(CheckpointId to) {
    return rewind(to, () -> {});
  }

  private CheckpointId lastCheckpoint() {
    return events(CheckpointTaken.class).getLast().checkpointId();
  }

  private List<String> preview(CheckpointId to) {
    return changes(history.previewRewind(session, to).toCompletableFuture().join());
  }

  private static List<String> changes(FileChanges changes) {
    return changes.files().stream().map(change -> change.change() + " " + change.path()).toList();
  }

  private Path workspace() {
    return base().resolve("work");
  }

  @Test
  void rewindStartsFromTheWorkspaceAsItIs() throws IOException {
    open();
    put("kept", "one");
    branchPoint();
    var first = lastCheckpoint();
    put("kept", "two");
    put("übung/日本", "uploaded");
    Files.createDirectory(workspace().resolve("empty"));
    Files.createSymbolicLink(workspace().resolve("link"), Path.of("kept"));
    var all = List.of("DELETED empty/", "MODIFIED kept", "DELETED link", "DELETED übung/日本");

    assertThat(preview(first)).isEqualTo(all);
    assertThat(events(CheckpointTaken.class)).as("a preview stores nothing").hasSize(1);
    var rewind = rewind(first);

    assertThat(changes(rewind.changes())).isEqualTo(all);
    assertThat(listing(workspace())).hasSize(2);
    assertThat(workspaceFile("kept")).isEqualTo("one");
    assertThat(events(CheckpointTaken.class).getLast().moment())
        .isEqualTo(new Moment.BeforeRewind());
    assertThat(rewind.undo()).isEqualTo(lastCheckpoint());
    assertThat(preview(first)).isEmpty();

    rewind(rewind.undo());

    assertThat(workspaceFile("übung/日本")).isEqualTo("uploaded");
    assertThat(workspaceFile("kept")).isEqualTo("two");
    assertThat(workspace().resolve("empty")).isEmptyDirectory();
    assertThat(Files.readSymbolicLink(workspace().resolve("link"))).hasToString("kept");
    assertThat(events(CheckpointTaken.class))
        .as("the restored files were those of a checkpoint, so no other one was taken")
        .hasSize(2);
  }

  @Test
  void rewindThatTheServiceDidNotSurviveIsCompletedWhenTheFilesAreUsed() throws IOException {
    open();
    put("file", "one");
    branchPoint();
    var first = lastCheckpoint();
    put("file", "two");
    put("other", "uploaded");

    assertThatThrownBy(
            () ->
                rewind(
                    first,
                    () -> {
                      throw new IllegalStateException("killed");
                    }))
        .hasMessageContaining("killed");
    assertThat(workspaceFile("other")).isEqualTo("uploaded");
    Files.writeString(Files.createDirectories(base().resolve("work.new")).resolve("file"), "o");

    assertThat(sessionFiles.pathsOf(session).workspace().resolve("file")).hasContent("one");
    assertThat(workspace().resolve("other")).doesNotExist();
    rewind(lastCheckpoint());
    assertThat(workspaceFile("file")).isEqualTo("two");
    assertThat(workspaceFile("other")).isEqualTo("uploaded");
  }

  @Test
  void refusedRewindLeavesTheFilesAsTheyAre() throws IOException {
    open();
    put("file", "one");
    branchPoint();
    var first = lastCheckpoint();
    put("file", "two");
    send(new ArchiveSession(session));

    assertThatThrownBy(() -> rewind(first)).hasMessageContaining("archived");

    assertThat(workspaceFile("file")).isEqualTo("two");
    assertThat(events(FilesRewound.class)).isEmpty();
  }

  @Test
  void uploadDuringARewindIsEitherKeptOrUndoneWithIt() throws Exception {
    open();
    put("file", "one");
    branchPoint();
    var first = lastCheckpoint();
    try (var uploads = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 10; i++) {
        var name = "upload" + i;
        var upload =
            uploads.submit(
                () -> {
                  put(name, "x");
                  return name;
                });
        var undo = rewind(first).undo();
        upload.get();
        var saved =
            snapshots.load(
                session,
                events(CheckpointTaken.class).stream()
                    .filter(taken -> taken.checkpointId().equals(undo))
                    .findFirst()
                    .orElseThrow()
                    .content()
                    .workspace());
        assertThat(saved.byPath().containsKey(name) || Files.exists(workspace().resolve(name)))
            .as(name)
            .isTrue();
      }
    }
  }

  /** The other node would execute runs without the change. */
  @Test
  void filesOfASessionThatAnotherNodeHoldsAreNotChanged() {
    open();
    holdByAnotherNode();
    assertThatThrownBy(() -> sessionFiles.change(session, paths -> paths))
        .isInstanceOfSatisfying(
            RejectionException.class,
            refused -> assertThat(refused.rejection()).isInstanceOf(SessionBusy.class));
  }

  @Test
  void branchBeginsWithTheWorkspaceAsItIs() throws IOException {
    open();
    assertThatThrownBy(this::branchPoint).hasMessageContaining("checkpoint");
    put("file", "one");
    assertThat(branchPoint().files()).isEqualTo(1);
    var first = lastCheckpoint();
    put("other", "uploaded");
    var original = session;
    var point = branchPoint();
    assertThat(point.files()).isEqualTo(2);
    assertThat(events(CheckpointTaken.class))
        .extracting(CheckpointTaken::moment)
        .containsExactly(new Moment.Opening(), new Moment.BeforeBranch());
    assertThat(branchPoint()).as("nothing has changed").isEqualTo(point);

    open(new SessionOrigin.Forked(original, point.sequence()));
    assertThat(sessionFiles.pathsOf(session).workspace().resolve("other")).hasContent("uploaded");

    session = original;
    rewind(first);
    var rewound = branchPoint();
    assertThat(rewound.files()).isEqualTo(1);
    open(new SessionOrigin.Cloned(original, rewound.sequence()));
    assertThat(sessionFiles.pathsOf(session).workspace().resolve("file")).hasContent("one");
    assertThat(workspace().resolve("other")).doesNotExist();
    put("own", "of the branch");
    var ofTheBranch = branchPoint();
    assertThat(ofTheBranch.files()).isEqualTo(2);
  }

  @Test
  void uploadsBelongToTheNextCheckpoint() throws IOException {
    openShared();
    submitAndAwait(shell("echo one > file"));
    put("uploaded", "by a user");
    var supervised = pool.find(session);

    assertThat(branchPoint().files()).isEqualTo(2);

    assertThat(pool.find(session)).as("its process continues").isEqualTo(supervised).isPresent();
    put("later", "by a user");
    var run = submitAndAwait(shell("cat uploaded later"));
    assertThat(result(run)).contains("by a user");
    assertThat(events(CheckpointTaken.class))
        .extracting(CheckpointTaken::moment)
        .containsSequence(new Moment.BeforeBranch(), new Moment.Before(run.runId()));
    assertThat(history.diffOfRun(session, run.runId()).toCompletableFuture().join().files())
        .isEmpty();
    assertThat(events(RunInitialized.class)).hasSize(2);
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .as("no process was ended for the branch")
        .containsOnly(events(RunStarted.class).getFirst().execution().processId());
  }

  @Test
  void runsWithoutCheckpointingTakeNone() {
    open(new RunOverrides(null, null, List.of("Bash"), null, null, null, null, null, null, false));
    submitQuery(shell("echo one > first"));
    var silent = awaitEvents(RunCompleted.class, 1).getLast().runId();
    assertThat(events(CheckpointTaken.class)).isEmpty();
    assertThat(branchPoint().files()).as("a branch begins with all files").isEqualTo(1);
    submitQuery(shell("echo one > other"));
    awaitEvents(RunCompleted.class, 2);

    var checkpointing =
        new RunOverrides(null, null, null, null, null, null, null, null, null, true);
    var run = RunId.next();
    submitInput(
        new Input.Prompt(
            QueryId.next(), run, QueryEvent.Cause.USER, shell("echo two > second"), checkpointing));
    awaitEvents(RunCompleted.class, 3);
    var changes = history.diffOfRun(session, run).toCompletableFuture().join();

    assertThat(changes(changes)).containsExactly("ADDED second");
    assertThat(events(CheckpointTaken.class))
        .extracting(CheckpointTaken::moment)
        .containsExactly(new Moment.BeforeBranch(), new Moment.Before(run), new Moment.After(run));
    assertThatThrownBy(() -> history.diffOfRun(session, silent).toCompletableFuture().join())
        .hasMessageContaining("checkpoint");
  }

  // ---- trees that somebody arranged

  @Test
  void fileThatWasReadForAnUnrecordedCheckpointIsStoredAgain(@TempDir Path folder)
      throws Exception {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var file = Files.writeString(files.workspace().resolve("file"), "content");
    awaitOldEnoughForTheCache(file);
    takeCheckpoint(sessionId, files, Optional.empty());
    assertThat(snapshots.scan(sessionId, files).entries()).hasSize(1);

    var again = takeCheckpoint(sessionId, files, Optional.empty());

    files.replaceWorkspace(into -> snapshots.restore(sessionId, again.workspace(), into));
    assertThat(files.workspace().resolve("file")).hasContent("content");
  }

  /** Files that changed a short while ago are always read again. */
  private static void awaitOldEnoughForTheCache(Path file) {
    await()
        .until(
            () ->
                ((FileTime) Files.getAttribute(file, "unix:ctime"))
                    .toInstant()
                    .isBefore(Instant.now().minusSeconds(3)));
  }

  private SessionPaths createPaths(Path base) throws IOException {
    return new SessionPaths(base, OptionalInt.empty()).create();
  }

  private CheckpointContent takeCheckpoint(
      SessionId sessionId, SessionPaths files, Optional<CheckpointContent> before)
      throws IOException {
    return snapshots
        .takeSnapshot(
            sessionId,
            files,
            new SnapshotService.ManifestNames(
                before.map(CheckpointContent::workspace),
                before.map(CheckpointContent::conversation)))
        .content();
  }

  @Test
  void previousManifestIsReadOnlyIfItIsNotInMemory(@TempDir Path folder) throws IOException {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    Files.writeString(files.workspace().resolve("first"), "1");
    var first = takeCheckpoint(sessionId, files, Optional.empty());
    Files.writeString(files.workspace().resolve("second"), "2");
    store.delete(first.workspace());
    var second = takeCheckpoint(sessionId, files, Optional.of(first));
    assertThat(snapshots.load(sessionId, second.workspace()).byPath())
        .containsOnlyKeys("first", "second");
    store.delete(second.workspace());
    snapshots.evict(sessionId);
    assertThatThrownBy(() -> takeCheckpoint(sessionId, files, Optional.of(second)))
        .isInstanceOf(ContentUnavailableException.class);
  }

  @Test
  void linksAreStoredAsLinksAndNeverFollowed(@TempDir Path folder) throws IOException {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var secret = Files.writeString(folder.resolve("secret"), "a secret of the host");
    Files.createSymbolicLink(files.workspace().resolve("out"), secret);
    Files.createSymbolicLink(files.workspace().resolve("dir"), folder);
    var manifest =
        snapshots.load(sessionId, takeCheckpoint(sessionId, files, Optional.empty()).workspace());
    assertThat(manifest.entries())
        .allMatch(entry -> entry.kind() == Manifest.Kind.LINK && entry.chunks().isEmpty())
        .hasSize(2);
    assertThat(manifest.packs()).isEmpty();
  }

  @Test
  void linkedConversationDirectoryIsNotRead(@TempDir Path folder) throws IOException {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var outside = Files.createDirectories(folder.resolve("outside/projects"));
    Files.writeString(outside.resolve("secret.jsonl"), "a secret of the host");
    TreeDeleter.deleteTree(files.configuration());
    Files.createSymbolicLink(files.configuration(), folder.resolve("outside"));
    var checkpointContent = takeCheckpoint(sessionId, files, Optional.empty());
    assertThat(snapshots.load(sessionId, checkpointContent.conversation()).entries()).isEmpty();
  }

  @Test
  void specialFilesAreSkippedWithoutBlocking(@TempDir Path folder) throws Exception {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    new ProcessBuilder("mkfifo", files.workspace().resolve("pipe").toString()).start().waitFor();
    Files.writeString(files.workspace().resolve("file"), "x");
    var manifest =
        snapshots.load(sessionId, takeCheckpoint(sessionId, files, Optional.empty()).workspace());
    assertThat(manifest.entries()).extracting(Manifest.Entry::path).containsExactly("file");
  }

  @Test
  void changeWithForgedTimeAndSizeIsDetected(@TempDir Path folder) throws IOException {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var file = Files.writeString(files.workspace().resolve("file"), "one");
    var time = Files.getLastModifiedTime(file);
    var first = takeCheckpoint(sessionId, files, Optional.empty());
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    var second = takeCheckpoint(sessionId, files, Optional.of(first));
    assertThat(second.workspace()).isNotEqualTo(first.workspace());
  }

  /** Java could only restore them with a name that they share with others. */
  @Test
  void filesWithNamesThatAreNotUtf8AreLeftOut(@TempDir Path folder) throws Exception {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var create = "printf 1 > $'b\\xff'; printf 2 > $'b\\xfe'; printf 3 > $'b\\xef\\xbf\\xbd'";
    var shell = new ProcessBuilder("bash", "-c", create).directory(files.workspace().toFile());
    assertThat(shell.start().waitFor()).isZero();
    var checkpointContent = takeCheckpoint(sessionId, files, Optional.empty());

    files.replaceWorkspace(
        into -> snapshots.restore(sessionId, checkpointContent.workspace(), into));

    assertThat(files.workspace().resolve("b\uFFFD")).hasContent("3");
    try (var restored = Files.list(files.workspace())) {
      assertThat(restored).hasSize(1);
    }
    TreeDeleter.deleteTree(files.base());
  }

  @Test
  void treeIsRestoredExactly(@TempDir Path folder) throws IOException {
    var sessionId = SessionId.next();
    var files = createPaths(folder.resolve("s"));
    var random = new Random(7);
    var work = files.workspace();
    for (int i = 0; i < 300; i++) {
      var bytes = new byte[random.nextInt(i % 50 == 0 ? 3_000_000 : 2000)];
      random.nextBytes(bytes);
      var in = Files.createDirectories(work.resolve("d" + i % 7).resolve("e" + i % 3));
      var file = Files.write(in.resolve("f" + i), bytes);
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(i % 2 == 0 ? "rwxr-x---" : "r--------"));
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + i));
    }
    Files.createSymbolicLink(work.resolve("up"), Path.of("../outside"));
    Files.createDirectory(work.resolve("closed"));
    Files.setPosixFilePermissions(
        work.resolve("closed"), PosixFilePermissions.fromString("r-x------"));
    var before = listing(work);
    var checkpointContent = takeCheckpoint(sessionId, files, Optional.empty());

    files.replaceWorkspace(
        into -> snapshots.restore(sessionId, checkpointContent.workspace(), into));

    assertThat(listing(files.workspace())).isEqualTo(before);
    TreeDeleter.deleteTree(files.base());
  }

  private static List<String> listing(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      return all.sorted().map(path -> line(root, path)).toList();
    }
  }

  private static String line(Path root, Path path) {
    try {
      var name = root.relativize(path).toString();
      if (Files.isSymbolicLink(path)) return name + " -> " + Files.readSymbolicLink(path);
      var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
      if (Files.isDirectory(path)) return name + "/ " + mode;
      return name
          + " "
          + mode
          + " "
          + Files.getLastModifiedTime(path).toMillis()
          + " "
          + Arrays.hashCode(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void rejectsOversizedTrees(@TempDir Path folder) throws IOException {
    var small =
        new SnapshotService(
            store, new SnapshotSettings(1, 3, Duration.ofMinutes(1)), Clock.systemUTC());
    var files = createPaths(folder.resolve("s"));
    for (int i = 0; i < 4; i++) Files.writeString(files.workspace().resolve("f" + i), "x");
    assertThatThrownBy(
            () -> small.takeSnapshot(SessionId.next(), files, SnapshotService.ManifestNames.NONE))
        .isInstanceOf(TreeTooLargeException.class);
    TreeDeleter.deleteTree(files.workspace());
    Files.createDirectory(files.workspace());
    Files.write(files.workspace().resolve("big"), new byte[1024 * 1024 + 1]);
    assertThatThrownBy(
            () -> small.takeSnapshot(SessionId.next(), files, SnapshotService.ManifestNames.NONE))
        .isInstanceOf(TreeTooLargeException.class);
  }
}
