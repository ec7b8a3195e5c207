package io.agentledger.client.cli;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChannelView;
import io.agentledger.api.channel.PlatformView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about channels of messaging platforms: {@code agentledger channels}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ChannelCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_MAX, null);
  private static final ChannelFilter ALL = new ChannelFilter(null, null, null, false);
  private static final int NAME_MAX = 60;
  private static final int TEXT_MAX = 300;

  private ChannelCommands() {}

  /** {@code agentledger channels}: lists channels. */
  @Command(
      name = "channels",
      description =
          "Lists channels of messaging platforms; shows, creates, changes, tests, pauses and"
              + " archives them.",
      subcommands = {
        ListChannels.class,
        ListPlatforms.class,
        ShowChannel.class,
        ListVersions.class,
        CreateChannel.class,
        ChangeChannel.class,
        TestChannel.class,
        PauseChannel.class,
        ResumeChannel.class,
        ArchiveChannel.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Channels extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listChannels(service, ALL, output);
    }
  }

  /** {@code agentledger channels list}: lists channels that match a filter. */
  @Command(name = "list", description = "Lists channels, newest first.")
  static final class ListChannels extends ServiceCommand {
    @Option(names = "--platform", paramLabel = "NAME", description = "Only of this platform.")
    private @Nullable String platform;

    @Option(
        names = "--paused",
        description = "Only paused ones; --no-paused: only others.",
        negatable = true)
    private @Nullable Boolean paused;

    @Option(names = "--text", paramLabel = "TEXT", description = "A part of the name.")
    private @Nullable String text;

    @Option(names = "--archived", description = "Archived ones, too.")
    private boolean archived;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listChannels(service, new ChannelFilter(platform, paused, text, archived), output);
    }
  }

  private static int listChannels(
      AgentledgerClient service, ChannelFilter filter, ConsoleOutput output) {
    var channels = service.channels().list(filter, PAGE).items();
    if (channels.isEmpty()) output.printLine(TextStyle.DIM, "no channels");
    channels.forEach(channel -> print(channel, output));
    return ExitCode.OK;
  }

  /** {@code agentledger channels platforms}: lists messaging platforms. */
  @Command(
      name = "platforms",
      description = "Lists the platforms with the fields that a channel of each has.")
  static final class ListPlatforms extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      for (var platform : service.channels().platforms()) {
        output.printLine(TextStyle.BOLD, platform.name() + "  " + platform.title());
        platform.settings().forEach(field -> print("setting", field, output));
        platform.credentials().forEach(field -> print("credential", field, output));
      }
      return ExitCode.OK;
    }
  }

  /** Command about one channel. */
  abstract static class OfChannel extends ServiceCommand {
    @Parameters(paramLabel = "CHANNEL", description = "chn_...")
    ChannelId channel;
  }

  /** {@code agentledger channels show}: prints a channel as change takes it. */
  @Command(name = "show", description = "Prints a channel as JSON, as change takes it.")
  static final class ShowChannel extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      RequestFileCommand.printBody(toBody(service.channels().find(channel)), output);
      return ExitCode.OK;
    }
  }

  private static Map<String, Object> toBody(ChannelView channel) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", channel.name());
    body.put("description", channel.description());
    body.put("platform", channel.platform());
    body.put("settings", channel.settings());
    body.put("credentials", channel.credentials());
    body.put("api_url", channel.apiUrl());
    body.put("members", channel.members());
    body.put("assignee", channel.assignee());
    var agent = channel.agent();
    if (agent != null) body.put("agent", toBody(agent));
    body.put("agent_id", channel.agentId());
    body.put("buffer", channel.buffer());
    body.put("agent_active", channel.agentActive());
    body.values().removeIf(value -> value == null);
    return body;
  }

  private static Map<String, Object> toBody(ChannelAgent agent) {
    return switch (agent) {
      case ChannelAgent.Internal(var session) -> Map.of("session", session);
      case ChannelAgent.External(var url, var secret, var mode) ->
          Map.of("url", url, "secret", secret, "mode", mode.name().toLowerCase(Locale.ROOT));
    };
  }

  /** {@code agentledger channels versions}: prints the versions of a channel. */
  @Command(name = "versions", description = "Prints the versions of a channel, newest first.")
  static final class ListVersions extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var names = new UserNames(service);
      for (var version : service.channels().versions(channel, PAGE).items())
        output.printLine(
            "%d  %s  by %s  %s%s"
                .formatted(
                    version.version(),
                    version.at(),
                    names.find(version.actor().toString()),
                    TerminalSanitizer.sanitizeLine(version.name(), NAME_MAX),
                    state(version.paused(), version.archived())));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger channels create}: creates a channel from a file. */
  @Command(
      name = "create",
      description = "Creates a channel from a file, and prints the path of its webhook.")
  static final class CreateChannel extends RequestFileCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/channels.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      print(service.channels().create(body), output);
    }
  }

  /** {@code agentledger channels change}: creates the next version of a channel. */
  @Command(name = "change", description = "Replaces a channel by that of a file.")
  static final class ChangeChannel extends RequestFileCommand {
    @Parameters(index = "0", paramLabel = "CHANNEL", description = "chn_...")
    private ChannelId channel;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "JSON, as for PUT /api/v1/channels/{id}.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      var channels = service.channels();
      print(channels.change(channel, body, channels.find(channel).version()), output);
    }
  }

  /** {@code agentledger channels test}: asks the platform for the account of a channel. */
  @Command(
      name = "test",
      description = "Asks the platform for the account of a channel, without any effect.")
  static final class TestChannel extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var outcome = service.channels().test(channel);
      if (!outcome.successful()) {
        output.printLine(
            TextStyle.WARNING, TerminalSanitizer.sanitizeLine(outcome.detail(), TEXT_MAX));
        return ExitCode.FAILED;
      }
      var account = TerminalSanitizer.sanitizeLine(outcome.account(), NAME_MAX);
      output.printLine(account.isEmpty() ? "connected" : "connected as " + account);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger channels pause}: pauses a channel. */
  @Command(name = "pause", description = "Pauses a channel: it receives, and sends nothing.")
  static final class PauseChannel extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.channels().setPaused(channel, true), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger channels resume}: resumes a channel. */
  @Command(name = "resume", description = "Resumes a channel, which sends what waits.")
  static final class ResumeChannel extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.channels().setPaused(channel, false), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger channels archive}: archives a channel. */
  @Command(
      name = "archive",
      description = "Archives a channel permanently; its chats stay, its webhook ends.")
  static final class ArchiveChannel extends OfChannel {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.channels().archive(channel);
      output.printLine(channel + " is archived");
      return ExitCode.OK;
    }
  }

  private static void print(ChannelView channel, ConsoleOutput output) {
    output.printLine(
        "%s  %-15s  %s · version %d · %s%s"
            .formatted(
                channel.id(),
                channel.platform(),
                TerminalSanitizer.sanitizeLine(channel.name(), NAME_MAX),
                channel.version(),
                channel.path(),
                state(channel.paused(), channel.archived())));
  }

  private static String state(boolean paused, boolean archived) {
    return (paused ? " · paused" : "") + (archived ? " · archived" : "");
  }

  private static void print(String type, PlatformView.Field field, ConsoleOutput output) {
    output.printLine(
        "  %s %s%s: %s"
            .formatted(
                type,
                field.name(),
                field.required() ? "" : " (optional)",
                TerminalSanitizer.sanitizeLine(field.description(), TEXT_MAX)));
  }
}
