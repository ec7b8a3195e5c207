package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskView;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionEventStream.ReconnectPolicy;
import io.agentledger.client.support.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands about tasks and their executions: {@code agentledger tasks}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class TaskCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_DEFAULT, null);

  /** Time between requests for an execution whose session is not open yet. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** Silence of a session after which its execution is requested; each request is counted. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private static final int NAME_MAX = 60;

  /** Codes of responses while the session of an attempt is being opened. */
  private static final Set<String> NOT_READABLE_YET =
      Set.of("session_not_found", "projection_rebuilding");

  private TaskCommands() {}

  /** {@code agentledger tasks}: lists tasks. */
  @Command(
      name = "tasks",
      description = "Lists tasks; creates, runs, follows and cancels them.",
      subcommands = {
        ListTasks.class,
        ShowTask.class,
        CreateTask.class,
        RunTask.class,
        FollowExecution.class,
        CancelExecution.class,
        ListExecutions.class,
        PauseTask.class,
        ResumeTask.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Tasks extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listTasks(service, output);
    }
  }

  /** {@code agentledger tasks list}: lists tasks. */
  @Command(name = "list", description = "Lists tasks, newest first.")
  static final class ListTasks extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listTasks(service, output);
    }
  }

  private static int listTasks(AgentledgerClient service, ConsoleOutput output) {
    var tasks = service.tasks().list(PAGE).items();
    if (tasks.isEmpty()) output.printLine(TextStyle.DIM, "no tasks");
    tasks.forEach(task -> print(task, output));
    return ExitCode.OK;
  }

  /** {@code agentledger tasks show}: prints a task and its last executions. */
  @Command(name = "show", description = "Prints a task and its last executions.")
  static final class ShowTask extends ServiceCommand {
    @Parameters(paramLabel = "TASK", description = "tsk_...")
    private TaskId task;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.tasks().find(task);
      print(view, output);
      if (view.pauseReason() != null)
        output.printLine(
            TextStyle.WARNING, "  ! " + TerminalSanitizer.sanitizeLine(view.pauseReason(), 300));
      for (var variable : view.variables())
        output.printLine(
            "  ${" + variable.name() + "}" + (variable.required() ? " (required)" : ""));
      service.tasks().executions(task, PAGE).items().forEach(item -> print(item, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger tasks create}: creates a task from a file. */
  @Command(
      name = "create",
      description = "Creates a task from a file with the body of the request.")
  static final class CreateTask extends ServiceCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/tasks.")
    private Path file;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      try {
        print(service.tasks().create(Files.readString(file)), output);
        return ExitCode.OK;
      } catch (IOException exception) {
        throw new ParameterException(spec.commandLine(), file + " cannot be read");
      } catch (IllegalArgumentException exception) {
        throw new ParameterException(spec.commandLine(), file + " " + exception.getMessage());
      }
    }
  }

  /** {@code agentledger tasks run}: queues an execution. */
  @Command(name = "run", description = "Runs a task now.")
  static final class RunTask extends ServiceCommand {
    @Parameters(paramLabel = "TASK", description = "tsk_...")
    private TaskId task;

    @Option(names = "--var", paramLabel = "NAME=VALUE", description = "A variable; repeatable.")
    private Map<String, String> variables = Map.of();

    @Option(names = "--follow", description = "Prints the output of its session until it ends.")
    private boolean follow;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var execution = service.tasks().run(task, variables);
      if (follow) return follow(service, execution.id(), output);
      print(execution, output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger tasks follow}: prints the output of an execution until it ends. */
  @Command(
      name = "follow",
      description =
          "Prints the output of an execution until it ends. Ctrl-C ends the program only.")
  static final class FollowExecution extends ServiceCommand {
    @Parameters(paramLabel = "EXECUTION", description = "exe_...")
    private ExecutionId execution;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return follow(service, execution, output);
    }
  }

  /** {@code agentledger tasks cancel}: cancels an execution and its session. */
  @Command(name = "cancel", description = "Cancels an execution and closes its session.")
  static final class CancelExecution extends ServiceCommand {
    @Parameters(paramLabel = "EXECUTION", description = "exe_...")
    private ExecutionId execution;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.tasks().cancel(execution), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger tasks executions}: lists executions. */
  @Command(name = "executions", description = "Lists executions, newest first.")
  static final class ListExecutions extends ServiceCommand {
    @Parameters(
        paramLabel = "TASK",
        arity = "0..1",
        description = "tsk_...; without it, executions of all tasks.")
    private @Nullable TaskId task;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var executions = service.tasks().executions(task, PAGE).items();
      if (executions.isEmpty()) output.printLine(TextStyle.DIM, "no executions");
      executions.forEach(execution -> print(execution, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger tasks pause}: pauses the schedule of a task. */
  @Command(name = "pause", description = "Pauses the schedule of a task.")
  static final class PauseTask extends ServiceCommand {
    @Parameters(paramLabel = "TASK", description = "tsk_...")
    private TaskId task;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.tasks().setPaused(task, true), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger tasks resume}: continues the schedule of a task. */
  @Command(name = "resume", description = "Continues the schedule of a task.")
  static final class ResumeTask extends ServiceCommand {
    @Parameters(paramLabel = "TASK", description = "tsk_...")
    private TaskId task;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.tasks().setPaused(task, false), output);
      return ExitCode.OK;
    }
  }

  /** Prints the sessions of the attempts, one after another; the exit status tells the outcome. */
  private static int follow(
      AgentledgerClient service, ExecutionId execution, ConsoleOutput output) {
    @Nullable SessionId printed = null;
    while (true) {
      var view = service.tasks().findExecution(execution);
      var session = view.sessionId();
      if (session != null && !session.equals(printed) && isOpen(service, session)) {
        print(view, output);
        printRun(service, session, execution, output);
        printed = session;
      } else if (view.status().isFinal()) {
        print(view, output);
        return view.status() == ExecutionStatus.SUCCEEDED ? ExitCode.OK : ExitCode.FAILED;
      } else pause();
    }
  }

  /** Returns false while the session of an attempt is being opened, and if that failed. */
  private static boolean isOpen(AgentledgerClient service, SessionId session) {
    try {
      service.sessions().find(session);
      return true;
    } catch (ApiException exception) {
      if (NOT_READABLE_YET.contains(exception.code())) return false;
      throw exception;
    }
  }

  private static void printRun(
      AgentledgerClient service, SessionId session, ExecutionId execution, ConsoleOutput output) {
    var stream =
        service.sessions().stream(
            session,
            0,
            ReconnectPolicy.defaults(
                reason -> output.showSpinner("the service does not respond, reconnecting")));
    try (var reader = new BackgroundStreamReader(stream)) {
      var transcript = new TranscriptPrinter(output, true, false, new UserNames(service));
      while (true) {
        var item = reader.poll(SILENCE_MAX);
        item.ifPresent(transcript::print);
        if (item.isPresent() && item.get().body() instanceof StreamItem.Result) return;
        if (item.isEmpty() && service.tasks().findExecution(execution).status().isFinal()) return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(exception);
    }
  }

  private static void print(TaskView task, ConsoleOutput output) {
    var next = task.nextExecutionAt();
    var times =
        task.schedule() == null
            ? "on request"
            : task.paused() ? "paused" : next == null ? "no more times" : "next " + next;
    output.printLine(
        "%s  %s · version %d · %s"
            .formatted(
                task.id(),
                TerminalSanitizer.sanitizeLine(task.name(), NAME_MAX),
                task.version(),
                times));
  }

  private static void print(ExecutionView execution, ConsoleOutput output) {
    var session = execution.sessionId();
    var error = execution.error();
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-9s  %-15s  %s  %s%s",
            execution.id(),
            execution.status().name().toLowerCase(Locale.ROOT),
            session == null ? "" : session,
            ConsoleFormat.cost(execution.costUsd()),
            TerminalSanitizer.sanitizeLine(execution.taskName(), NAME_MAX),
            error == null ? "" : ": " + TerminalSanitizer.sanitizeLine(error.message(), 300)));
  }
}
