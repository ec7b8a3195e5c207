package io.agentledger.command.claude.process;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Process with its journal, for tests: its messages wait in a queue. */
final class CliTestProcess implements AutoCloseable {
  /** Longer than all tests of a class that share a process: they send no heartbeats. */
  private static final Duration ORPHAN_TIMEOUT = Duration.ofMinutes(10);

  final RunDirectory runDirectory;
  final Sandbox sandbox;
  final SessionPaths session;
  final String conversation = UUID.randomUUID().toString();
  final List<ClaudeMessage> messages = new ArrayList<>();
  private final LinkedBlockingQueue<JournalTailer.Entry> entries = new LinkedBlockingQueue<>();
  private final JournalWatcher journalWatcher = new JournalWatcher();
  private JournalTailer journalTailer;
  private long offset;
  private int processes;
  private int unanswered;
  private @Nullable FakeModel model;
  ClaudeProcess process;

  CliTestProcess(Path home, CliInstallation cli, Optional<SandboxLevel> level) throws IOException {
    runDirectory = RunDirectory.open(home);
    sandbox = Sandbox.open(runDirectory, cli.installTo(runDirectory.cli()), level);
    session = runDirectory.sessionPaths("ses_test", sandbox.level() == SandboxLevel.FULL);
  }

  /** Connects the process to a model that ends with it. */
  CliTestProcess withModel() throws Exception {
    model = new FakeModel(session.sockets().resolve(SessionPaths.MODEL_SOCKET));
    return this;
  }

  /** Lets the journal be read without a watch, as if the system had none left. */
  CliTestProcess withoutWatches() {
    journalWatcher.close();
    return this;
  }

  CliTestProcess start() throws IOException {
    return start(false);
  }

  CliTestProcess start(boolean resumed) throws IOException {
    return start(resumed, command -> command);
  }

  /**
   * @param change what is different in the CLI's own command line
   */
  CliTestProcess start(boolean resumed, UnaryOperator<List<String>> change) throws IOException {
    return start(LaunchSpec.withDefaults(sandbox.level()), resumed, change);
  }

  CliTestProcess start(LaunchSpec spec) throws IOException {
    return start(spec, false, command -> command);
  }

  private CliTestProcess start(LaunchSpec spec, boolean resumed, UnaryOperator<List<String>> change)
      throws IOException {
    SandboxPaths sandboxPaths = sandbox.sandboxPaths(session);
    List<String> inner =
        spec.commandLine(sandboxPaths, new LaunchSpec.Conversation(conversation, resumed));
    process =
        ClaudeProcess.start(
            new ClaudeProcess.Launch(
                session.runs().resolve("p" + processes++),
                runDirectory.supervisorScript(),
                session.workspace(),
                sandbox.command(session, change.apply(inner)),
                spec.environment(sandboxPaths, spec.options().variables()),
                ORPHAN_TIMEOUT));
    offset = 0;
    return follow();
  }

  /** Detaches from the process as a killed JVM does. */
  void detach() throws IOException {
    journalTailer.close();
    process.close();
  }

  CliTestProcess attach() throws IOException {
    process = ClaudeProcess.attach(process.directory());
    return follow();
  }

  private CliTestProcess follow() throws IOException {
    entries.clear();
    journalTailer =
        JournalTailer.start(
            process,
            offset,
            journalWatcher,
            new JournalTailer.Listener() {
              @Override
              public void onBatch(List<JournalTailer.Entry> batch) {
                entries.addAll(batch);
              }

              @Override
              public void onEnded() {
                entries.add(new JournalTailer.Entry(new ClaudeMessage.Other("end", ""), -1));
              }

              @Override
              public void onFailure(Exception fault) {
                entries.add(
                    new JournalTailer.Entry(new ClaudeMessage.Other("fault", "" + fault), -1));
              }
            });
    return this;
  }

  UUID prompt(String text) throws IOException {
    UUID uuid = UUID.randomUUID();
    process.send(ClaudeInput.prompt(uuid, text));
    unanswered++;
    return uuid;
  }

  /** Returns whether each prompt has a result. */
  boolean isIdle() {
    return unanswered == 0;
  }

  <T extends ClaudeMessage> T await(Class<T> type) {
    return await(type, any -> true);
  }

  <T extends ClaudeMessage> T await(Class<T> type, Predicate<T> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try {
      while (true) {
        JournalTailer.Entry entry =
            entries.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (entry == null) {
          throw new AssertionError("no " + type.getSimpleName() + "; seen " + messages + stderr());
        }
        messages.add(entry.message());
        if (entry.message() instanceof ClaudeMessage.ResultMessage) unanswered--;
        offset = Math.max(offset, entry.endOffset());
        if (type.isInstance(entry.message()) && wanted.test(type.cast(entry.message()))) {
          return type.cast(entry.message());
        }
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  void awaitEnd() {
    await(ClaudeMessage.Other.class, other -> other.type().equals("end"));
  }

  String stderr() {
    try {
      return "; stderr " + process.stderrTail();
    } catch (IOException unreadable) {
      return "; no stderr: " + unreadable;
    }
  }

  boolean saw(Predicate<ClaudeMessage> wanted) {
    return messages.stream().anyMatch(wanted);
  }

  String read(String file) throws IOException {
    return Files.readString(session.workspace().resolve(file));
  }

  @Override
  public void close() throws IOException {
    if (journalTailer != null) {
      journalTailer.close();
    }
    if (process != null) {
      process.terminate(Duration.ofSeconds(2));
    }
    if (model != null) {
      model.close();
    }
    journalWatcher.close();
    sandbox.close();
    runDirectory.delete("ses_test");
    runDirectory.delete("probe");
    if (!runDirectory.root().endsWith("run")) {
      TreeDeleter.deleteTree(runDirectory.root());
    }
  }
}
