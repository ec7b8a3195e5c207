package io.agentledger.client.cli;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about the caller's API keys: {@code agentledger keys}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class KeyCommands {
  private KeyCommands() {}

  /** {@code agentledger keys}: lists the caller's keys. */
  @Command(
      name = "keys",
      description = "Lists your API keys, without their secrets; creates and revokes them.",
      subcommands = {CreateKey.class, RevokeKey.class},
      synopsisSubcommandLabel = "[COMMAND]")
  static final class ListKeys extends ServiceCommand {
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

  /** {@code agentledger keys create}: prints the secret of a new key, and only that. */
  @Command(
      name = "create",
      description = "Creates an API key and prints its secret, which is not shown again.")
  static final class CreateKey extends ServiceCommand {
    private static final OptionRange DAYS = new OptionRange("--days", 1, 3650);

    @Parameters(paramLabel = "NAME", description = "What the key is for.")
    private String name;

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        description = "A permission of the key, such as sessions:read; repeatable. Default: yours.")
    private List<String> scopes = List.of();

    @Option(names = "--days", paramLabel = "N", description = "The key expires after N days.")
    private @Nullable Long days;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (days != null) DAYS.check(spec, days);
      var expiry = days == null ? null : Instant.now().plus(Duration.ofDays(days));
      var issued = service.createKey(name, scopes, expiry);
      output.printLine(Objects.requireNonNullElse(issued.secret(), ""));
      try (var notice = environment().errorOutput()) {
        notice.printLine(
            TextStyle.DIM,
            issued.keyId()
                + "; revoke it:  "
                + environment().command()
                + " keys revoke "
                + issued.keyId());
      }
      return ExitCode.OK;
    }
  }

  /** {@code agentledger keys revoke}: ends a key. */
  @Command(name = "revoke", description = "Revokes an API key, permanently and at once.")
  static final class RevokeKey extends ServiceCommand {
    @Parameters(paramLabel = "KEY", description = "key_...")
    private CredentialId key;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.revokeKey(key);
      output.printLine(key + " is revoked");
      return ExitCode.OK;
    }
  }
}
