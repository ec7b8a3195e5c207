package io.agentledger.client.cli;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.subscription.NewSubscription;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about subscriptions: {@code agentledger subscriptions}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class SubscriptionCommands {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);
  private static final int TEXT_LENGTH_MAX = 200;

  private SubscriptionCommands() {}

  /** {@code agentledger subscriptions}: lists subscriptions. */
  @Command(
      name = "subscriptions",
      description = "Lists subscriptions, newest first; creates, tests and deletes them.",
      subcommands = {
        CreateSubscription.class,
        ShowSubscription.class,
        TestSubscription.class,
        ListDeliveries.class,
        Redeliver.class,
        PauseSubscription.class,
        ResumeSubscription.class,
        DeleteSubscription.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Subscriptions extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var page = service.subscriptions().list(new PageRequest(PageRequest.LIMIT_MAX, null));
      if (page.items().isEmpty()) output.printLine(TextStyle.DIM, "no subscriptions");
      page.items().forEach(subscription -> print(subscription, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions create}: creates a subscription. */
  @Command(
      name = "create",
      description = "Subscribes a URL to events from now on, and prints the signing secret once.")
  static final class CreateSubscription extends ServiceCommand {
    @Parameters(paramLabel = "NAME", description = "Name of the subscription.")
    private String name;

    @Parameters(paramLabel = "URL", description = "http or https.")
    private String url;

    @Option(
        names = "--event",
        paramLabel = "TYPE",
        required = true,
        description = "Type of event, such as run.completed, or run.*; repeatable.")
    private List<String> eventTypes;

    @Option(names = "--session", paramLabel = "SESSION", description = "Only these; repeatable.")
    private @Nullable List<SessionId> sessions;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Only these; repeatable.")
    private @Nullable List<AgentId> agents;

    @Option(names = "--task", paramLabel = "TASK", description = "Only these; repeatable.")
    private @Nullable List<TaskId> tasks;

    @Option(
        names = "--visible",
        description = "Events about everything that you may see, not only about what is yours.")
    private boolean visible;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var filter =
          new SubscriptionFilter(
              visible ? Ownership.VISIBLE : Ownership.MINE,
              Objects.requireNonNullElse(sessions, List.of()),
              Objects.requireNonNullElse(agents, List.of()),
              Objects.requireNonNullElse(tasks, List.of()));
      var subscription =
          service.subscriptions().create(new NewSubscription(name, eventTypes, url, filter));
      output.printLine(subscription.id() + "  " + subscription.signingSecret());
      return ExitCode.OK;
    }
  }

  /** Base class of the commands about one subscription. */
  abstract static class OfSubscription extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "SUBSCRIPTION", description = "sub_...")
    SubscriptionId subscription;
  }

  /** {@code agentledger subscriptions show}: prints a subscription. */
  @Command(name = "show", description = "Prints a subscription.")
  static final class ShowSubscription extends OfSubscription {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.subscriptions().find(subscription);
      print(view, output);
      output.printLine(TextStyle.DIM, "  " + String.join(", ", view.eventTypes()));
      if (view.droppedEvents() > 0)
        output.printLine(TextStyle.WARNING, "  ! " + view.droppedEvents() + " events were dropped");
      if (view.failingSince() != null)
        output.printLine(
            TextStyle.WARNING, "  ! failing for " + ConsoleFormat.age(view.failingSince()));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions test}: sends a sample event. */
  @Command(name = "test", description = "Sends a sample event and prints the outcome.")
  static final class TestSubscription extends OfSubscription {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var outcome = service.subscriptions().test(subscription);
      var status = outcome.httpStatus() == null ? "no response" : "HTTP " + outcome.httpStatus();
      var line = "%s after %d ms".formatted(status, outcome.durationMs());
      if (outcome.failure() == null) {
        output.printLine(line);
        return ExitCode.OK;
      }
      output.printLine(TextStyle.WARNING, line + ": " + clean(outcome.failure()));
      return ExitCode.FAILED;
    }
  }

  /** {@code agentledger subscriptions deliveries}: lists deliveries. */
  @Command(name = "deliveries", description = "Lists deliveries, newest first.")
  static final class ListDeliveries extends OfSubscription {
    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most N deliveries, 1 to 500, default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only pending, delivered or dead ones.")
    private @Nullable DeliveryStatus status;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      LIMIT.check(spec, limit);
      var page =
          service
              .subscriptions()
              .deliveries(
                  subscription, new DeliveryFilter(status, null), new PageRequest(limit, null));
      if (page.items().isEmpty()) output.printLine(TextStyle.DIM, "no deliveries");
      page.items().forEach(delivery -> print(delivery, output));
      if (page.nextCursor() != null) output.printLine(TextStyle.DIM, "there are more; see --limit");
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions redeliver}: sends a delivery again. */
  @Command(name = "redeliver", description = "Sends a delivery again, at once.")
  static final class Redeliver extends OfSubscription {
    @Parameters(index = "1", paramLabel = "DELIVERY", description = "dlv_...")
    private DeliveryId delivery;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.subscriptions().redeliver(subscription, delivery);
      output.printLine(delivery + " is sent again");
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions pause}: pauses a subscription. */
  @Command(name = "pause", description = "Pauses a subscription.")
  static final class PauseSubscription extends OfSubscription {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.subscriptions().setPaused(subscription, true), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions resume}: resumes a subscription. */
  @Command(name = "resume", description = "Resumes a subscription that is paused or disabled.")
  static final class ResumeSubscription extends OfSubscription {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.subscriptions().setPaused(subscription, false), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger subscriptions delete}: deletes a subscription. */
  @Command(name = "delete", description = "Deletes a subscription and its log.")
  static final class DeleteSubscription extends OfSubscription {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.subscriptions().delete(subscription);
      output.printLine(subscription + " is deleted");
      return ExitCode.OK;
    }
  }

  private static void print(SubscriptionView subscription, ConsoleOutput output) {
    var reason = subscription.disableReason();
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-8s  %-20s  %s%s",
            subscription.id(),
            subscription.status().wireName(),
            clean(subscription.name()),
            clean(subscription.url()),
            reason == null ? "" : "  (" + reason.wireName() + ")"));
  }

  private static void print(DeliveryView delivery, ConsoleOutput output) {
    var failure = delivery.failure();
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-9s  %-22s  %s  %-10s%s",
            delivery.id(),
            delivery.status().wireName(),
            delivery.eventType().wireName(),
            delivery.resourceId(),
            ConsoleFormat.age(delivery.createdAt()),
            failure == null ? "" : "  " + clean(failure)));
  }

  private static String clean(String text) {
    return TerminalSanitizer.sanitizeLine(text, TEXT_LENGTH_MAX);
  }
}
