package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatSessionOpener;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.channel.agent.AgentJob.Work;
import io.agentledger.command.channel.agent.AgentStateTable.AgentCall;
import io.agentledger.command.channel.agent.ChatHistory.CalledMessage;
import io.agentledger.command.channel.agent.ChatHistory.CalledMessages;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.UntrustedText;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls agents of this installation: submits the messages of a call to the session of the chat, as
 * the owner of the channel who acts for it. Blocks; thread-safe.
 */
final class InternalAgent {
  private static final Logger log = LoggerFactory.getLogger(InternalAgent.class);

  /** Longer than the staging of a workspace takes. */
  private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(10);

  /** Maximum number of characters of a name in a title. */
  private static final int NAME_LENGTH_MAX = 60;

  private final EventStore store;
  private final Sealer sealer;
  private final ChatHistory history;
  private final TenantMembership members;
  private final Supplier<@Nullable ChatSessionOpener> opener;
  private final CommandGateway commands;
  private final Clock clock;

  InternalAgent(
      EventStore store,
      Sealer sealer,
      ChatHistory history,
      TenantMembership members,
      Supplier<@Nullable ChatSessionOpener> opener,
      CommandGateway commands,
      Clock clock) {
    this.store = store;
    this.sealer = sealer;
    this.history = history;
    this.members = members;
    this.opener = opener;
    this.commands = commands;
    this.clock = clock;
  }

  /** Returns the session of the next call: another if the agent was changed or it was closed. */
  static SessionId sessionOf(ChatId chat, ChannelAgent.Internal agent, int number) {
    return new SessionId(
        Ids.derived(
            SessionId.PREFIX, chat.value(), agent.session().text(), Integer.toString(number)));
  }

  static RunId runOf(String callId, int number) {
    return new RunId(Ids.derived(RunId.PREFIX, callId, Integer.toString(number)));
  }

  /**
   * Submits the query of a run, after it opened the session if there is none. Idempotent.
   *
   * @return reason of a failure, a sentence that is safe to show; empty for none
   * @throws RejectionException while a read model is replayed, for example; then to be repeated
   */
  Optional<String> submit(Work work, AgentCall call, ChannelAgent.Internal agent, RunId run) {
    var principal = work.channel().properties().principal();
    var role = members.findActiveRole(work.state().tenant(), principal.userId());
    if (role.isEmpty())
      return Optional.of(
          "The owner of the channel is disabled or has left the tenant, or it is suspended.");
    var caller = principal.toCaller(work.state().tenant(), role.get(), work.channel().id());
    try {
      var session = Objects.requireNonNull(call.session());
      if (store.lastSequenceNumberFor(session.value()).isEmpty())
        open(caller, session, work, agent);
      send(caller, new SubmitInputs(session, List.of(prompt(work, call, run)), key(run)));
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node stops; the call is repeated");
    } catch (Exception e) {
      var rejection = findRejection(e);
      if (rejection instanceof ProjectionRebuilding) throw new RejectionException(rejection);
      if (rejection == null) {
        if (Thread.currentThread().isInterrupted()) throw new IllegalStateException(e);
        log.atWarn()
            .addKeyValue("chatId", work.state().chat())
            .setCause(e)
            .log("cannot call the agent of a chat");
      }
      return Optional.of(
          "The agent cannot be called: "
              + (rejection == null ? "the service failed." : rejection.message()));
    }
  }

  private void open(Caller caller, SessionId session, Work work, ChannelAgent.Internal agent)
      throws Exception {
    var state = work.state();
    Objects.requireNonNull(opener.get(), "no component opens sessions yet")
        .open(
            caller,
            Ids.random("req"),
            session,
            new SessionOrigin.Chat(state.chat().value(), work.channel().id().value()),
            agent.session(),
            title(work))
        .toCompletableFuture()
        .get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the names of the channel and the contact, who may be a stranger. */
  private String title(Work work) {
    var contact = history.reader().contact(work.state().chat());
    var name = contact.name().isBlank() ? contact.address() : contact.name();
    return UntrustedText.line(work.channel().properties().name(), NAME_LENGTH_MAX)
        + " · "
        + UntrustedText.line(name, NAME_LENGTH_MAX);
  }

  private static Idempotency key(RunId run) {
    return new Idempotency(run.value(), run.value());
  }

  /** Interrupts the run of a call, or withdraws its query. Idempotent; does nothing without one. */
  void cancel(Work work, AgentCall call) {
    var session = call.session();
    var run = call.run();
    if (session == null || run == null) return;
    var principal = work.channel().properties().principal();
    try {
      send(
          principal.toCaller(work.state().tenant(), Role.MEMBER, work.channel().id()),
          new SubmitInputs(session, List.of(new Input.CancelQuery(queryOf(run), run)), null));
    } catch (RuntimeException e) {
      if (findRejection(e) == null) throw e; // Refused if the session was closed: nothing runs.
    }
  }

  private static QueryId queryOf(RunId run) {
    return new QueryId(Ids.derived(QueryId.PREFIX, run.value()));
  }

  private Input.Prompt prompt(Work work, AgentCall call, RunId run) {
    var read = history.read(work.state().chat(), call, work.definition().buffer(), clock.instant());
    return new Input.Prompt(
        queryOf(run), run, Cause.CHAT, text(read, call.withHistory()), RunOverrides.NONE);
  }

  /** Returns the prompt; texts of all senders are marked, new messages before the history. */
  static String text(CalledMessages read, boolean withHistory) {
    var untrusted = new UntrustedText();
    var messages = lines(read.messages(), untrusted);
    var earlier = withHistory ? lines(read.history(), untrusted) : "";
    var prompt = new StringBuilder(untrusted.preface());
    prompt.append(
        "\n\nYou answer a contact in a chat. Your last text of this turn is sent to the contact as"
            + " it is. Write nothing else in it. If people have to answer, call the tool "
            + PlatformServer.ESCALATE
            + " with the reason, and tell the contact that they will.");
    if (!earlier.isEmpty()) prompt.append("\n\nEarlier messages of the chat:\n").append(earlier);
    return prompt.append("\n\nNew messages of the contact:\n").append(messages).toString();
  }

  private static String lines(List<CalledMessage> messages, UntrustedText untrusted) {
    return messages.stream()
        .map(message -> nameOf(message.sender()) + ": " + untrusted.mark(textOf(message)))
        .collect(Collectors.joining("\n"));
  }

  private static String nameOf(SenderType sender) {
    return sender.name().toLowerCase(Locale.ROOT);
  }

  private static String textOf(CalledMessage message) {
    var content = message.content();
    var text = new StringBuilder(message.text());
    if (!content.unsupported().isEmpty())
      text.append(" [").append(content.unsupported()).append(']');
    for (var file : content.media()) text.append(" [file ").append(file.name()).append(']');
    return text.toString();
  }

  /** Returns the text with which a run ended. */
  String resultOf(SessionId session, long sequence) {
    var run = (RunCompleted) store.readEvents(session.value(), sequence).next().getPayload();
    return sealer.open(session, RunCompleted.class, "result", run.result());
  }

  private void send(Caller caller, Object command) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(caller.asMetadata(Ids.random("req"))));
  }

  private static @Nullable Rejection findRejection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RejectionException rejected) return rejected.rejection();
      if (cause instanceof HandlerExecutionException handler
          && handler.getDetails().orElse(null) instanceof Rejection rejection) return rejection;
    }
    return null;
  }
}
