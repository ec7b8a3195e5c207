package io.agentledger.client.cli;

import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Commands that list what applies to the caller. */
final class AdministrationCommands {
  private AdministrationCommands() {}

  static List<ServiceCommand> create(CliEnvironment environment) {
    return List.of(new Policies(environment), new Keys(environment));
  }

  /** {@code agentledger policies}: lists policies and their rules. */
  @Command(name = "policies", description = "Lists policies and their rules.")
  static final class Policies extends ServiceCommand {
    Policies(CliEnvironment environment) {
      super(environment);
    }

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var policies = service.policies(new PageRequest(PageRequest.LIMIT_MAX, null)).items();
      if (policies.isEmpty()) output.printLine(TextStyle.DIM, "no policies");
      for (var policy : policies) {
        output.print(TextStyle.BOLD, TerminalSanitizer.sanitizeLine(policy.name(), 60));
        output.print(
            TextStyle.DIM,
            "  "
                + policy.id()
                + " · "
                + describe(policy.scope())
                + (policy.enabled() ? "" : " · not in force")
                + (policy.permitsBypass() ? " · permits bypassPermissions" : ""));
        output.startLine();
        policy.rules().forEach(rule -> output.printLine("  " + describe(rule)));
      }
      return ExitCode.OK;
    }

    private static String describe(PolicyScope scope) {
      return switch (scope) {
        case PolicyScope.Tenant tenant -> "all sessions";
        case PolicyScope.Agent agent -> "sessions of " + agent.agentId();
        case PolicyScope.Session session -> session.sessionId().value();
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

  /** {@code agentledger keys}: lists the caller's API keys. */
  @Command(name = "keys", description = "Lists your API keys, without their secrets.")
  static final class Keys extends ServiceCommand {
    Keys(CliEnvironment environment) {
      super(environment);
    }

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var keys = service.keys(new PageRequest(PageRequest.LIMIT_MAX, null)).items();
      if (keys.isEmpty()) output.printLine(TextStyle.DIM, "no API keys");
      else
        output.printLine(
            TextStyle.DIM, "id              begins with     status   last used    name");
      for (var key : keys)
        output.printLine(
            String.format(
                Locale.ROOT,
                "%-15s %-15s %-8s %-12s %s",
                key.id(),
                key.prefix(),
                key.status().wireName(),
                key.lastUsedAt() == null ? "never" : ConsoleFormat.age(key.lastUsedAt()),
                TerminalSanitizer.sanitizeLine(Objects.requireNonNullElse(key.name(), ""), 60)));
      return ExitCode.OK;
    }
  }
}
