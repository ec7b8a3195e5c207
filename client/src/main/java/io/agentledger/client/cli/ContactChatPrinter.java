package io.agentledger.client.cli;

import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.channel.ChatMessageView.MediaView;
import io.agentledger.api.channel.ChatMessageView.Waiting;
import io.agentledger.api.channel.ChatNoteView;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.client.AgentledgerClient;
import java.util.Locale;
import java.util.regex.Pattern;

/** Prints chats with contacts, their messages and notes. For one thread. */
final class ContactChatPrinter {
  private static final int NAME_MAX = 60;
  private static final int TEXT_MAX = 300;

  /** Address of an anonymous visitor of the widget. */
  private static final Pattern ANONYMOUS = Pattern.compile("anonymous:([0-9a-f]{8})[0-9a-f]{56}");

  private final ConsoleOutput output;
  private final UserNames names;

  ContactChatPrinter(AgentledgerClient service, ConsoleOutput output) {
    this.output = output;
    this.names = new UserNames(service);
  }

  /** Prints a chat in a line. */
  void print(ChatView chat) {
    var line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s  %-6s  %-10s  %s · %s",
            chat.id(),
            nameOf(chat.status()),
            nameOf(chat.agentState()),
            contact(chat),
            ConsoleFormat.age(chat.lastMessageAt())));
    if (chat.unread() > 0) line.append(" · ").append(chat.unread()).append(" unread");
    chat.labels().forEach(label -> line.append(" · #").append(clean(label, NAME_MAX)));
    line.append(" · ").append(nameOf(chat.lastSender())).append(": ").append(clean(chat.preview()));
    output.printLine(line.toString());
  }

  private static String contact(ChatView chat) {
    var visitor = ANONYMOUS.matcher(chat.contactAddress());
    if (visitor.matches())
      return chat.contactName().isEmpty()
          ? "Visitor " + visitor.group(1)
          : clean(chat.contactName(), NAME_MAX) + " (visitor " + visitor.group(1) + ")";
    var address = clean(chat.contactAddress(), NAME_MAX);
    return chat.contactName().isEmpty()
        ? address
        : clean(chat.contactName(), NAME_MAX) + " (" + address + ")";
  }

  /** Prints what the line of a chat does not show. */
  void printDetails(ChatView chat) {
    printDetail("channel", chat.channelId() + ", " + chat.platform());
    printDetail("contact", clean(chat.contactAddress(), TEXT_MAX));
    printDetail("opened", chat.openedAt() + ", " + ConsoleFormat.count(chat.messages(), "message"));
    var assignee = chat.assignee();
    printDetail("assigned to", assignee == null ? "nobody" : nameOf(assignee));
    var user = chat.takenOverBy();
    if (user != null) printDetail("taken over by", nameOf(user));
    if (chat.sessionId() != null) printDetail("session of the agent", chat.sessionId().value());
    if (chat.agentState() == ChatAgentState.ESCALATED && chat.escalation() != null)
      output.printLine(TextStyle.WARNING, "  ! " + clean(chat.escalation()));
  }

  private void printDetail(String name, String value) {
    output.printLine(TextStyle.DIM, "  " + name + ": " + value);
  }

  /** Prints a message: a line about it, and its content in indented lines. */
  void print(ChatMessageView message) {
    var line = new StringBuilder();
    line.append(message.number()).append("  ").append(message.at()).append("  ");
    line.append(sender(message));
    if (message.status() != MessageStatus.RECEIVED)
      line.append(" · ").append(nameOf(message.status()));
    if (message.failure() != null) line.append(": ").append(clean(message.failure()));
    if (message.status() == MessageStatus.PENDING || message.status().isUnsent())
      line.append(" · ").append(message.id());
    output.printLine(TextStyle.DIM, line.toString());
    if (message.waiting() != null) print(message.waiting());
    printText(message.text());
    var template = message.template();
    if (template != null)
      printText(
          clean("[template " + template.name() + "] " + String.join(", ", template.parameters())));
    if (!message.unsupported().isEmpty()) printText("[" + clean(message.unsupported()) + "]");
    message.media().forEach(this::print);
  }

  private void print(Waiting waiting) {
    var line = new StringBuilder("  waits: ").append(nameOf(waiting.reason()));
    if (waiting.failure() != null) line.append(", ").append(clean(waiting.failure()));
    if (waiting.nextTryAt() != null) line.append(" Next try at ").append(waiting.nextTryAt());
    output.printLine(TextStyle.DIM, line.toString());
  }

  private String sender(ChatMessageView message) {
    var id = message.senderId();
    return message.senderType() == SenderType.USER && id != null
        ? nameOf(new UserId(id))
        : nameOf(message.senderType());
  }

  private void print(MediaView file) {
    var reason = file.reason();
    var type = clean(file.mediaType(), NAME_MAX);
    var name =
        file.name().isEmpty() ? type + "] " : clean(file.name(), NAME_MAX) + "] " + type + ", ";
    printText(
        "[file %s%s, %s%s"
            .formatted(
                name,
                ConsoleFormat.size(file.sizeBytes()),
                nameOf(file.status()),
                reason == null ? "" : ": " + clean(reason)));
  }

  /** Prints a note: a line about it, and its text in indented lines. */
  void print(ChatNoteView note) {
    var author = note.by() == null ? "service" : nameOf(note.by());
    output.printLine(TextStyle.DIM, note.at() + "  " + author);
    printText(note.text());
  }

  /**
   * Prints lines with an indentation of two columns, also where they are wrapped: no text looks
   * like the line about a message.
   */
  private void printText(String text) {
    text.lines().forEach(line -> output.printLine("  " + line.strip()));
  }

  private String nameOf(UserId user) {
    return names.find(Actor.ofUser(user).toString());
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String clean(String text) {
    return clean(text, TEXT_MAX);
  }

  private static String clean(String text, int lengthMax) {
    return TerminalSanitizer.sanitizeLine(text, lengthMax);
  }
}
