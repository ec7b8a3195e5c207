package io.agentledger.client.cli;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.agent.AgentsClient.NewAgent;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Commands about agents: {@code agentledger agents}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class AgentCommands {
  private AgentCommands() {}

  /** {@code agentledger agents}: lists agents. */
  @Command(
      name = "agents",
      description =
          "Lists agents; shows, creates, shares, exports, imports, archives and restores them.",
      subcommands = {
        ListAgents.class,
        ShowAgent.class,
        CreateAgent.class,
        ShareAgent.class,
        AgentFolderCommands.ExportAgent.class,
        AgentFolderCommands.ImportAgent.class,
        ArchiveAgent.class,
        RestoreAgent.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Agents extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return list(service, output, false);
    }
  }

  /** {@code agentledger agents list}: lists agents, with archived ones if requested. */
  @Command(name = "list", description = "Lists your own agents and those of the tenant.")
  static final class ListAgents extends ServiceCommand {
    @Option(names = "--archived", description = "Lists archived agents, too.")
    private boolean archived;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return list(service, output, archived);
    }
  }

  /** Command about one agent. */
  abstract static class AgentCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "AGENT", description = "Name or id of the agent.")
    private String agent;

    final AgentView findAgent(AgentledgerClient service) {
      return find(service, agent)
          .orElseThrow(() -> new ParameterException(spec.commandLine(), unknown(agent)));
    }
  }

  /** {@code agentledger agents show}: prints one agent. */
  @Command(name = "show", description = "Prints an agent: its instructions and its definition.")
  static final class ShowAgent extends AgentCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var agent = findAgent(service);
      print(agent, output);
      var json = ClientJson.MAPPER.writerWithDefaultPrettyPrinter();
      var session = json.writeValueAsString(ClientJson.MAPPER.readTree(agent.session().text()));
      session.lines().forEach(line -> output.printLine(TerminalSanitizer.sanitize(line)));
      var instructions = agent.instructions();
      if (instructions != null)
        instructions.lines().forEach(line -> output.printLine(TerminalSanitizer.sanitize(line)));
      if (!agent.writableFolders().isEmpty())
        output.printLine("writes only to " + String.join(", ", agent.writableFolders()));
      agent.skills().forEach(skill -> print(skill, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger agents create}: creates an agent. */
  @Command(
      name = "create",
      description = "Creates an agent, which sessions are opened with: run --agent NAME.",
      footer = {"", "agentledger agents import changes one."})
  static final class CreateAgent extends ServiceCommand {
    @Parameters(paramLabel = "NAME", description = "Name, unique in the tenant.")
    private String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    @Option(
        names = "--instructions",
        paramLabel = "FILE",
        description = "File with its instructions, such as CLAUDE.md.")
    private @Nullable Path instructions;

    @Option(
        names = "--definition",
        paramLabel = "FILE",
        description =
            "JSON with fields of its sessions, e.g. {\"options\": {\"max_turns\": 9},"
                + " \"budget_usd\": \"2.00\"}.")
    private @Nullable Path definition;

    @Option(names = "--shared", description = "All users of the tenant may use it.")
    private boolean shared;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var agent =
          new NewAgent(
              name,
              shared ? AgentSharing.TENANT : AgentSharing.PRIVATE,
              description,
              readDefinition(),
              instructions == null ? null : read(instructions));
      print(service.agents().create(agent), output);
      return ExitCode.OK;
    }

    private Map<String, Object> readDefinition() {
      if (definition == null) return Map.of();
      try {
        return ClientJson.MAPPER.readValue(read(definition), new TypeReference<>() {});
      } catch (JacksonException exception) {
        throw new ParameterException(
            spec.commandLine(), definition + " is not JSON: " + exception.getOriginalMessage());
      }
    }

    private String read(Path file) {
      try {
        return Files.readString(environment().workingDirectory().resolve(file));
      } catch (IOException exception) {
        throw new ParameterException(spec.commandLine(), file + " cannot be read.");
      }
    }
  }

  /** {@code agentledger agents share}: changes who may use an agent. */
  @Command(
      name = "share",
      description = "Creates the next version of an agent, which others may use or not.",
      footer = {"", "The users of --user replace those with whom it is shared."})
  static final class ShareAgent extends AgentCommand {
    @ArgGroup(multiplicity = "1")
    private Audience audience;

    /** Exactly one of the options. */
    static final class Audience {
      @Option(
          names = "--user",
          paramLabel = "ID",
          required = true,
          description = "User of the tenant who may use it; repeat for several.")
      private List<String> users = List.of();

      @Option(names = "--tenant", description = "All users of the tenant may use it.")
      private boolean tenant;

      @Option(names = "--private", description = "Only you may use it.")
      private boolean onlyOwner;

      AgentSharing sharing() {
        if (tenant) return AgentSharing.TENANT;
        return onlyOwner ? AgentSharing.PRIVATE : AgentSharing.USERS;
      }
    }

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var agent = findAgent(service);
      print(service.agents().share(agent, audience.sharing(), users()), output);
      return ExitCode.OK;
    }

    private List<UserId> users() {
      try {
        return audience.users.stream().map(UserId::new).toList();
      } catch (IllegalArgumentException exception) {
        throw new ParameterException(spec.commandLine(), "--user " + exception.getMessage() + ".");
      }
    }
  }

  /** {@code agentledger agents archive}: archives an agent. */
  @Command(name = "archive", description = "Archives an agent; sessions that have it stay.")
  static final class ArchiveAgent extends AgentCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var agent = findAgent(service);
      service.agents().archive(agent.id());
      output.printLine(agent.id() + " is archived");
      return ExitCode.OK;
    }
  }

  /** {@code agentledger agents restore}: restores an archived agent. */
  @Command(name = "restore", description = "Restores an archived agent.")
  static final class RestoreAgent extends ServiceCommand {
    @Parameters(paramLabel = "AGENT", description = "Name or id of the archived agent.")
    private String agent;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.agents().restore(findId(service)), output);
      return ExitCode.OK;
    }

    private AgentId findId(AgentledgerClient service) {
      if (isId(agent)) return new AgentId(agent);
      var archived = service.agents().findArchivedByName(agent);
      if (archived.size() == 1) return archived.getFirst().id();
      throw new ParameterException(
          spec.commandLine(),
          archived.isEmpty()
              ? "There is no archived agent " + agent + "; agentledger agents list --archived."
              : "Several archived agents have the name " + agent + ": give the id of one.");
    }
  }

  private static boolean isId(String nameOrId) {
    return nameOrId.matches(AgentId.PREFIX + "_[a-z0-9]{10}");
  }

  /** Finds an agent by its id, or by its name among those that are not archived. */
  static Optional<AgentView> find(AgentledgerClient service, String nameOrId) {
    if (!isId(nameOrId)) return service.agents().findByName(nameOrId);
    try {
      return Optional.of(service.agents().find(new AgentId(nameOrId)));
    } catch (ApiException refusal) {
      if (refusal.status() != 404) throw refusal;
      return Optional.empty();
    }
  }

  static String unknown(String nameOrId) {
    return "There is no agent " + nameOrId + "; agentledger agents lists them.";
  }

  private static int list(AgentledgerClient service, ConsoleOutput output, boolean archived) {
    var agents = service.agents().list(archived, new PageRequest(PageRequest.LIMIT_MAX, null));
    if (agents.items().isEmpty()) output.printLine(TextStyle.DIM, "no agents");
    agents.items().forEach(agent -> print(agent, output));
    return ExitCode.OK;
  }

  private static void print(AgentSkill skill, ConsoleOutput output) {
    output.print(TextStyle.BOLD, "skill " + TerminalSanitizer.sanitizeLine(skill.name(), 64));
    var size =
        String.format(Locale.ROOT, "  %d files, %,d bytes", skill.files().size(), skill.bytes());
    output.print(TextStyle.DIM, size);
    output.startLine();
    output.printLine("  " + TerminalSanitizer.sanitizeLine(skill.description(), 200));
  }

  static void print(AgentView agent, ConsoleOutput output) {
    output.print(TextStyle.BOLD, TerminalSanitizer.sanitizeLine(agent.name(), 60));
    output.print(
        TextStyle.DIM,
        "  "
            + agent.id()
            + " · version "
            + agent.version()
            + " · "
            + agent.sharing().name().toLowerCase(Locale.ROOT)
            + (agent.archivedAt() == null ? "" : " · archived"));
    output.startLine();
    var description = agent.description();
    if (description != null)
      output.printLine("  " + TerminalSanitizer.sanitizeLine(description, 200));
  }
}
