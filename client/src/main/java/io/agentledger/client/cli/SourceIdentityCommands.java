package io.agentledger.client.cli;

import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceIdentityView;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about identities at providers: {@code agentledger source-identities}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class SourceIdentityCommands {
  private static final int ACCOUNT_MAX = 128;

  private SourceIdentityCommands() {}

  /** {@code agentledger source-identities}: lists identities. */
  @Command(
      name = "source-identities",
      description =
          "Lists accounts at GitHub, Jira and Sentry that belong to users; maps and removes them.",
      subcommands = {
        ListIdentities.class,
        ShowIdentity.class,
        MapIdentity.class,
        RemoveIdentity.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class SourceIdentities extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listIdentities(service, output);
    }
  }

  /** {@code agentledger source-identities list}: lists identities. */
  @Command(name = "list", description = "Lists identities, newest first.")
  static final class ListIdentities extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listIdentities(service, output);
    }
  }

  private static int listIdentities(AgentledgerClient service, ConsoleOutput output) {
    var identities =
        service.sourceIdentities().list(new PageRequest(PageRequest.LIMIT_MAX, null)).items();
    if (identities.isEmpty()) output.printLine(TextStyle.DIM, "no identities");
    identities.forEach(identity -> print(identity, output));
    return ExitCode.OK;
  }

  /** {@code agentledger source-identities show}: prints an identity. */
  @Command(name = "show", description = "Prints an identity.")
  static final class ShowIdentity extends ServiceCommand {
    @Parameters(paramLabel = "IDENTITY", description = "sid_...")
    private SourceIdentityId identity;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.sourceIdentities().find(identity), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger source-identities map}: maps an account to a user. */
  @Command(
      name = "map",
      description = "Maps an account to a user, whose decisions its comments then are.")
  static final class MapIdentity extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "PROVIDER", description = "github, jira or sentry.")
    private SourceProvider provider;

    @Parameters(
        index = "1",
        paramLabel = "ACCOUNT",
        description = "Id that the provider gave the account; not its login.")
    private String account;

    @Parameters(index = "2", paramLabel = "USER", description = "usr_...")
    private UserId user;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.sourceIdentities().map(provider, account, user), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger source-identities remove}: removes the mapping of an identity. */
  @Command(name = "remove", description = "Removes a mapping; comments are only text from then on.")
  static final class RemoveIdentity extends ServiceCommand {
    @Parameters(paramLabel = "IDENTITY", description = "sid_...")
    private SourceIdentityId identity;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.sourceIdentities().remove(identity);
      output.printLine(identity + " is removed");
      return ExitCode.OK;
    }
  }

  private static void print(SourceIdentityView identity, ConsoleOutput output) {
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-6s  %s  %s",
            identity.id(),
            identity.provider().name().toLowerCase(Locale.ROOT),
            TerminalSanitizer.sanitizeLine(
                Objects.requireNonNullElse(identity.accountId(), "erased"), ACCOUNT_MAX),
            identity.userId()));
  }
}
