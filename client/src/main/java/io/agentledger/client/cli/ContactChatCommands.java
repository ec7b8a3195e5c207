package io.agentledger.client.cli;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatNotification.Ended;
import io.agentledger.api.channel.ChatNotification.NewMessage;
import io.agentledger.api.channel.ChatNotification.Ready;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about chats with contacts: {@code agentledger chats}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ContactChatCommands {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);

  private ContactChatCommands() {}

  /** {@code agentledger chats}: lists chats. */
  @Command(
      name = "chats",
      description = "Lists chats with contacts; shows, answers, takes over and closes them.",
      subcommands = {
        ListChats.class,
        ShowChat.class,
        ListMessages.class,
        ContactMessageCommands.SendMessage.class,
        ContactMessageCommands.CancelMessage.class,
        ContactMessageCommands.ResendMessage.class,
        TakeOver.class,
        HandBack.class,
        CloseChat.class,
        ReopenChat.class,
        MarkUnread.class,
        Notes.class,
        AssignChat.class,
        LabelChat.class
      },
      synopsisSubcommandLabel = "[COMMAND]",
      footer = {"", "The conversation with Brain is agentledger chat."})
  static final class Chats extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return list(service, ChatFilter.NONE, PageRequest.LIMIT_DEFAULT, output);
    }
  }

  /** {@code agentledger chats list}: lists chats that match a filter. */
  @Command(name = "list", description = "Lists chats, those with the latest messages first.")
  static final class ListChats extends ServiceCommand {
    @Option(names = "--channel", paramLabel = "CHANNEL", description = "Only of this channel.")
    private @Nullable ChannelId channel;

    @Option(
        names = "--contact",
        paramLabel = "ADDRESS",
        description = "Only with this contact, such as +15550100.")
    private @Nullable String contact;

    @Option(
        names = "--assignee",
        paramLabel = "USER",
        description = "Only those of this user, of you (me), or of nobody (none).")
    private @Nullable String assignee;

    @Option(
        names = "--last-sender",
        paramLabel = "SENDER",
        description = "Only those whose last message is of a contact, user or agent.")
    private @Nullable SenderType lastSender;

    @Option(
        names = "--unread",
        description = "Only those that you have not read; --no-unread: only others.",
        negatable = true)
    private @Nullable Boolean unread;

    @Option(names = "--status", paramLabel = "STATUS", description = "Only open or closed ones.")
    private @Nullable ChatStatus status;

    @Option(
        names = "--agent-state",
        paramLabel = "STATE",
        description = "Only those whose agent is active, inactive, taken_over or escalated.")
    private @Nullable ChatAgentState agentState;

    @Option(names = "--label", paramLabel = "LABEL", description = "Only those with this label.")
    private @Nullable String label;

    @Option(
        names = "--text",
        paramLabel = "TEXT",
        description = "Only those with this text in the contact or a message.")
    private @Nullable String text;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most N chats, 1 to 500, default ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      LIMIT.check(spec, limit);
      var filter =
          new ChatFilter(
              channel, contact, assignee, lastSender, unread, status, agentState, label, text);
      return list(service, filter, limit, output);
    }
  }

  private static int list(
      AgentledgerClient service, ChatFilter filter, int limit, ConsoleOutput output) {
    var chats = new ArrayList<ChatView>();
    @Nullable String cursor = null;
    do {
      if (filter.text() != null) output.showSpinner("searching");
      var page = service.chats().list(filter, new PageRequest(limit - chats.size(), cursor));
      chats.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null && chats.size() < limit);
    var printer = new ContactChatPrinter(service, output);
    if (chats.isEmpty()) output.printLine(TextStyle.DIM, "no chats");
    chats.forEach(printer::print);
    if (cursor != null) output.printLine(TextStyle.DIM, "there are more; see --limit");
    return ExitCode.OK;
  }

  /** Command about one chat. */
  abstract static class OfChat extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "CHAT", description = "cht_...")
    ChatId chat;
  }

  /** {@code agentledger chats show}: prints a chat. */
  @Command(name = "show", description = "Prints a chat: its channel, users, labels and state.")
  static final class ShowChat extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var printer = new ContactChatPrinter(service, output);
      var view = service.chats().find(chat);
      printer.print(view);
      printer.printDetails(view);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats messages}: prints the last messages. */
  @Command(name = "messages", description = "Prints the last messages of a chat, oldest first.")
  static final class ListMessages extends OfChat {
    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most N messages, 1 to 500, default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--read", description = "Marks them as read by you.")
    private boolean read;

    @Option(names = "--follow", description = "Prints new messages as they come, until Ctrl-C.")
    private boolean follow;

    private long lastNumber;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      LIMIT.check(spec, limit);
      var printer = new ContactChatPrinter(service, output);
      if (!follow) {
        printLast(service, output, printer);
        return ExitCode.OK;
      }
      service.chats().follow(chat, event -> print(event, service, output, printer));
      return ExitCode.FAILED; // The service has ended the stream.
    }

    private void print(
        ChatNotification notification,
        AgentledgerClient service,
        ConsoleOutput output,
        ContactChatPrinter printer) {
      switch (notification) {
        case Ready _ when lastNumber == 0 -> printLast(service, output, printer);
        case NewMessage message when message.number() > lastNumber ->
            print(
                service, printer, List.of(service.chats().findMessage(chat, message.messageId())));
        case Ended ended -> output.printLine(TextStyle.WARNING, "! " + ended.detail());
        default -> {}
      }
    }

    private void printLast(
        AgentledgerClient service, ConsoleOutput output, ContactChatPrinter printer) {
      var page = service.chats().messages(chat, true, new PageRequest(limit, null));
      if (page.nextCursor() != null)
        output.printLine(TextStyle.DIM, "there are earlier ones; see --limit");
      print(service, printer, page.items().reversed());
    }

    private void print(
        AgentledgerClient service, ContactChatPrinter printer, List<ChatMessageView> messages) {
      if (messages.isEmpty()) return;
      messages.forEach(printer::print);
      lastNumber = messages.getLast().number();
      if (read) service.chats().read(chat, lastNumber);
    }
  }

  /** {@code agentledger chats take-over}: lets the user answer. */
  @Command(name = "take-over", description = "Lets you answer in place of the agent.")
  static final class TakeOver extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().takeOver(chat));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats hand-back}: lets the agent answer again. */
  @Command(
      name = "hand-back",
      description = "Lets the agent answer again, after a take-over or an escalation.")
  static final class HandBack extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().handBack(chat));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats close}: closes a chat. */
  @Command(name = "close", description = "Closes a chat; a message of the contact opens it again.")
  static final class CloseChat extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().close(chat));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats reopen}: opens a closed chat. */
  @Command(name = "reopen", description = "Opens a closed chat again.")
  static final class ReopenChat extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().reopen(chat));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats unread}: marks a chat as unread. */
  @Command(
      name = "unread",
      description = "Marks the last message of the contact as not read by you.")
  static final class MarkUnread extends OfChat {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      new ContactChatPrinter(service, output).print(service.chats().markUnread(chat));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats notes}: prints or adds notes. */
  @Command(
      name = "notes",
      description = "Prints the notes about a chat, newest first, or adds one.",
      footer = {"", "The contact does not see notes."})
  static final class Notes extends OfChat {
    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "Note to add.")
    private @Nullable String text;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var printer = new ContactChatPrinter(service, output);
      if (text != null) {
        printer.print(service.chats().addNote(chat, text));
        return ExitCode.OK;
      }
      var notes = service.chats().notes(chat, new PageRequest(PageRequest.LIMIT_MAX, null)).items();
      if (notes.isEmpty()) output.printLine(TextStyle.DIM, "no notes");
      notes.forEach(printer::print);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats assign}: assigns a chat. */
  @Command(name = "assign", description = "Assigns a chat to a user.")
  static final class AssignChat extends OfChat {
    @Parameters(index = "1", paramLabel = "USER", arity = "0..1", description = "usr_...")
    private @Nullable UserId user;

    @Option(names = "--me", description = "Assigns it to you.")
    private boolean me;

    @Option(names = "--nobody", description = "Assigns it to nobody.")
    private boolean nobody;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (Stream.of(user != null, me, nobody).filter(given -> given).count() != 1)
        throw invalid("Give one of USER, --me and --nobody.");
      var assignee = me ? service.currentUser().user().id() : user;
      var view = service.chats().assign(chat, assignee);
      var printer = new ContactChatPrinter(service, output);
      printer.print(view);
      printer.printDetails(view);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger chats label}: replaces the labels of a chat. */
  @Command(name = "label", description = "Replaces the labels of a chat.")
  static final class LabelChat extends OfChat {
    @Parameters(
        index = "1..*",
        paramLabel = "LABEL",
        arity = "0..*",
        description = "All labels of the chat.")
    private List<String> labels = List.of();

    @Option(names = "--none", description = "Removes all labels.")
    private boolean none;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (labels.isEmpty() != none) throw invalid("Give either LABEL or --none.");
      new ContactChatPrinter(service, output).print(service.chats().setLabels(chat, labels));
      return ExitCode.OK;
    }
  }
}
