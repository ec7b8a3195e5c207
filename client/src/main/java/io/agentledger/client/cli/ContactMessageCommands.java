package io.agentledger.client.cli;

import io.agentledger.api.channel.ChatMessageContent.Template;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.client.AgentledgerClient;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about single messages of chats with contacts. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ContactMessageCommands {
  private ContactMessageCommands() {}

  /** {@code agentledger chats send}: sends a message. */
  @Command(name = "send", description = "Sends a text or a template to the contact.")
  static final class SendMessage extends ContactChatCommands.OfChat {
    @Parameters(
        index = "1",
        paramLabel = "TEXT",
        arity = "0..1",
        description = "Markdown; - reads it from standard input.")
    private @Nullable String text;

    @Option(
        names = "--template",
        paramLabel = "NAME",
        description = "Template that the platform has approved, instead of a text.")
    private @Nullable String template;

    @Option(names = "--language", paramLabel = "CODE", description = "Language of the template.")
    private String language = "";

    @Option(
        names = "--parameter",
        paramLabel = "VALUE",
        description = "Value of the template's next placeholder; repeatable.")
    private List<String> parameters = List.of();

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if ((text == null) == (template == null)) throw invalid("Give either TEXT or --template.");
      var message =
          template == null
              ? service.chats().send(chat, readText(Objects.requireNonNull(text)))
              : service.chats().send(chat, new Template(template, language, parameters));
      new ContactChatPrinter(service, output).print(message);
      return ExitCode.OK;
    }

    private String readText(String argument) {
      if (!argument.equals("-")) return argument;
      try {
        return environment().readInput().stripTrailing();
      } catch (IOException exception) {
        throw invalid("TEXT cannot be read from standard input: " + exception.getMessage());
      }
    }
  }

  /** Command about one message of a chat. */
  abstract static class OfMessage extends ContactChatCommands.OfChat {
    @Parameters(index = "1", paramLabel = "MESSAGE", description = "chm_...")
    ChatMessageId message;
  }

  /** {@code agentledger chats cancel}: cancels a message that waits. */
  @Command(
      name = "cancel",
      description = "Cancels a pending message, unless a request to send it has begun.")
  static final class CancelMessage extends OfMessage {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().cancel(chat, message));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats resend}: sends a message again. */
  @Command(
      name = "resend",
      description = "Sends a failed or cancelled message again, as a new message.")
  static final class ResendMessage extends OfMessage {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().resend(chat, message));
      return ExitCode.OK;
    }
  }
}
