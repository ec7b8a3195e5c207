package io.agentledger.client.cli;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ApiException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands about policies: {@code agentledger policies}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class PolicyCommands {
  private PolicyCommands() {}

  /** {@code agentledger policies}: lists policies and their rules. */
  @Command(
      name = "policies",
      description = "Lists policies and their rules; adds and removes policies.",
      subcommands = {ShowPolicy.class, AddPolicy.class, RemovePolicy.class},
      synopsisSubcommandLabel = "[COMMAND]")
  static final class ListPolicies extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var policies = service.policies(new PageRequest(PageRequest.LIMIT_MAX, null)).items();
      if (policies.isEmpty()) output.printLine(TextStyle.DIM, "no policies");
      policies.forEach(policy -> print(policy, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger policies show}: prints one policy, and what its rules do not cover. */
  @Command(name = "show", description = "Prints a policy, and what its rules do not cover.")
  static final class ShowPolicy extends ServiceCommand {
    @Parameters(paramLabel = "POLICY", description = "pol_...")
    private PolicyId policy;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.findPolicy(policy);
      print(view, output);
      view.advisories()
          .forEach(
              advisory -> {
                var limit = advisory.rule() + ", " + advisory.subject() + ": " + advisory.reason();
                output.printLine(
                    TextStyle.WARNING, "  ! " + TerminalSanitizer.sanitizeLine(limit, 300));
              });
      return ExitCode.OK;
    }
  }

  /** {@code agentledger policies add}: creates a policy with one rule. */
  @Command(
      name = "add",
      description = "Creates a policy with one rule, which applies from the next call on.",
      footer = {"", "Policies with several rules are created with POST /api/v1/policies."})
  static final class AddPolicy extends ServiceCommand {
    private static final String RULE = "rule";

    @Parameters(paramLabel = "NAME", description = "Name of the policy.")
    private String name;

    @ArgGroup(multiplicity = "1")
    private RuleEffect effect;

    @ArgGroup private @Nullable Subjects subjects;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Users and the agent read it.")
    private String reason = "";

    @ArgGroup private @Nullable Target target;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var concerned = subjects == null ? new Subjects() : subjects;
      var rule =
          new PolicyRule(
              RULE,
              effect.effect(),
              0,
              effect.tools(),
              concerned.paths,
              PolicyRule.Use.ANY,
              concerned.commands,
              concerned.hosts,
              reason);
      var scope = target == null ? new PolicyScope.Tenant() : target.scope();
      try {
        print(service.createPolicy(name, scope, rule), output);
        return ExitCode.OK;
      } catch (ApiException refusal) {
        if (!refusal.code().equals("policy_refused")) throw refusal;
        // The user named no rule, but its option.
        throw new ParameterException(
            spec.commandLine(),
            String.valueOf(refusal.getMessage())
                .replaceFirst("^The rule " + RULE + " has a command that ", "--command: it ")
                .replaceFirst("^The rule " + RULE + " ", "The rule "));
      }
    }
  }

  /** Effect of a rule, and its tools. */
  private static final class RuleEffect {
    @Option(names = "--deny", paramLabel = "TOOL", description = "Denies calls; repeatable.")
    private List<String> denied = List.of();

    @Option(names = "--ask", paramLabel = "TOOL", description = "Asks about calls; repeatable.")
    private List<String> asked = List.of();

    @Option(names = "--allow", paramLabel = "TOOL", description = "Allows calls; repeatable.")
    private List<String> allowed = List.of();

    Effect effect() {
      return !denied.isEmpty() ? Effect.DENY : asked.isEmpty() ? Effect.ALLOW : Effect.ASK;
    }

    List<String> tools() {
      return Stream.of(denied, asked, allowed).flatMap(List::stream).toList();
    }
  }

  /** Subjects of the calls; a rule has one kind of them. */
  private static final class Subjects {
    @Option(
        names = "--command",
        paramLabel = "EXPRESSION",
        description = "Only commands that match; repeatable, as the next ones.")
    private List<String> commands = List.of();

    @Option(names = "--path", paramLabel = "GLOB", description = "Only files that match.")
    private List<String> paths = List.of();

    @Option(names = "--host", paramLabel = "NAME", description = "Only these hosts.")
    private List<String> hosts = List.of();
  }

  /** Sessions that a policy applies to. */
  private static final class Target {
    @Option(names = "--session", paramLabel = "SESSION", description = "Only in this session.")
    private @Nullable SessionId session;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Only sessions of this agent.")
    private @Nullable AgentId agent;

    PolicyScope scope() {
      if (session != null) return new PolicyScope.Session(session);
      return agent == null ? new PolicyScope.Tenant() : new PolicyScope.Agent(agent);
    }
  }

  /** {@code agentledger policies remove}: archives a policy. */
  @Command(name = "remove", description = "Archives a policy permanently: it no longer applies.")
  static final class RemovePolicy extends ServiceCommand {
    @Parameters(paramLabel = "POLICY", description = "pol_...")
    private PolicyId policy;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.archivePolicy(policy);
      output.printLine(policy + " is removed");
      return ExitCode.OK;
    }
  }

  private static void print(PolicyView policy, ConsoleOutput output) {
    output.print(TextStyle.BOLD, TerminalSanitizer.sanitizeLine(policy.name(), 60));
    output.print(
        TextStyle.DIM,
        "  "
            + policy.id()
            + " · "
            + describe(policy.scope())
            + (policy.archivedAt() != null ? " · removed" : "")
            + (policy.enabled() ? "" : " · not in force")
            + (policy.permitsBypass() ? " · permits bypassPermissions" : ""));
    output.startLine();
    policy.rules().forEach(rule -> output.printLine("  " + describe(rule)));
  }

  private static String describe(PolicyScope scope) {
    return switch (scope) {
      case PolicyScope.Tenant tenant -> "all sessions";
      case PolicyScope.Agent agent -> "sessions of " + agent.agentId();
      case PolicyScope.Session session -> session.sessionId().value();
      case PolicyScope.Trigger trigger -> "sessions of " + trigger.triggerId();
      case PolicyScope.Channel channel -> "sessions of chats of " + channel.channelId();
    };
  }

  private static String describe(PolicyRule rule) {
    var subjects =
        Stream.of(rule.paths(), rule.commands(), rule.hosts())
            .flatMap(List::stream)
            .collect(Collectors.joining(", "));
    return TerminalSanitizer.sanitizeLine(
        rule.effect().name().toLowerCase(Locale.ROOT)
            + " "
            + (rule.tools().isEmpty() ? "every tool" : String.join(", ", rule.tools()))
            + (subjects.isEmpty() ? "" : ": " + subjects)
            + (rule.reason().isEmpty() ? "" : " (" + rule.reason() + ")"),
        200);
  }
}
