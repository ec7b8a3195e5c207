package io.agentledger.gateway.chat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.chat.UserChatCommand.ContinueUserChat;
import io.agentledger.api.chat.UserChatCommand.StartUserChat;
import io.agentledger.api.chat.UserChatId;
import io.agentledger.api.chat.UserChatQuery.FindUserChat;
import io.agentledger.api.chat.UserChatView;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import io.agentledger.api.shared.SessionRejection.SessionExpired;
import io.agentledger.gateway.session.CreateSessionRequest;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.prompt.CreateQueryRequest;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Conversation of a user with the tenant's agent Brain, in a session of the user. A message goes to
 * the session while it accepts queries, otherwise to a new one.
 */
@Component
class ChatService {
  private static final String AGENT = "brain";
  private static final String TITLE = "Chat";

  /** Attempts to find the session of a message, which competing messages may replace. */
  private static final int ATTEMPTS_MAX = 10;

  private static final Set<LifecycleStatus> ACCEPTING =
      Set.of(LifecycleStatus.OPEN, LifecycleStatus.PAUSED);

  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  ChatService(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  /** Sends a message as a query. */
  Mono<QueryView> send(
      RequestContext context, ChatRequest request, @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(SubmitInputs.class, context.metadata()); // Nothing is staged.
    if (Boolean.TRUE.equals(request.newConversation())) requireUser(context);
    return messageGateway.offload(
        () ->
            Boolean.TRUE.equals(request.newConversation())
                ? sendInNewSession(context, request.message(), idempotency)
                : sendInSession(context, request.message(), idempotency));
  }

  private Mono<QueryView> sendInSession(
      RequestContext context, String message, @Nullable Idempotency idempotency) {
    var query = new CreateQueryRequest(message, null, null, null, null, null);
    return findSession(context)
        .switchIfEmpty(Mono.defer(() -> openSession(context, null)))
        .flatMap(session -> submit(context, session, query, idempotency, ATTEMPTS_MAX));
  }

  /** Submits a query to a session, or to the one that follows it if it has ended. */
  private Mono<QueryView> submit(
      RequestContext context,
      SessionId session,
      CreateQueryRequest query,
      @Nullable Idempotency idempotency,
      int attempts) {
    return sessionService
        .submitQuery(context, session, query, idempotency)
        .onErrorResume(
            failure -> attempts > 1 && isEnd(failure),
            end ->
                findSession(context)
                    .filter(current -> !current.equals(session))
                    .switchIfEmpty(Mono.defer(() -> openSession(context, session)))
                    .flatMap(next -> submit(context, next, query, idempotency, attempts - 1)));
  }

  /**
   * Opens a session for the chat. If another request was faster, its session is the one of the
   * chat, and this one is deleted.
   *
   * @param ended session that the new one follows; null for none
   */
  private Mono<SessionId> openSession(RequestContext context, @Nullable SessionId ended) {
    var request =
        new CreateSessionRequest(
            TITLE,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            brain(context),
            null,
            null,
            null,
            null);
    return sessionService
        .open(context, request, null)
        .flatMap(
            opened ->
                messageGateway
                    .<SessionId>send(context, new ContinueUserChat(chatOf(context), opened, ended))
                    .flatMap(
                        session ->
                            session.equals(opened)
                                ? Mono.just(session)
                                : sessionService.delete(context, opened).thenReturn(session)));
  }

  /** Opens a session with the message; a repeated request changes nothing. */
  private Mono<QueryView> sendInNewSession(
      RequestContext context, String message, @Nullable Idempotency idempotency) {
    var newSession = SessionId.next();
    return sessionService
        .openAndQuery(context, fields -> newSession, toNewSession(context, message), idempotency)
        .flatMap(
            query ->
                query.sessionId().equals(newSession)
                    ? messageGateway
                        .<SessionId>send(context, new StartUserChat(chatOf(context), newSession))
                        .flatMap(previous -> close(context, previous))
                        .thenReturn(query)
                    : Mono.just(query));
  }

  private static QueryInNewSessionRequest toNewSession(RequestContext context, String message) {
    return new QueryInNewSessionRequest(
        null,
        message,
        null,
        null,
        null,
        TITLE,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        brain(context),
        null,
        null);
  }

  /** Returns the chat, without a session that accepts no messages any more. */
  Mono<ChatResponse> find(RequestContext context) {
    return findSession(context)
        .flatMap(session -> sessionService.find(context, session))
        .onErrorResume(ChatService::isEnd, end -> Mono.empty())
        .filter(session -> ACCEPTING.contains(session.lifecycle()))
        .map(ChatResponse::new)
        .defaultIfEmpty(new ChatResponse(null));
  }

  /** Closes the session of the chat; the next message opens another one. */
  Mono<Void> end(RequestContext context) {
    MessageAuthorizer.checkScopes(CloseSession.class, context.metadata());
    requireUser(context);
    return findSession(context).flatMap(session -> close(context, session));
  }

  /** Requires that no agent ends the conversation of its user. */
  private static void requireUser(RequestContext context) {
    if (context.caller().role() == Role.AGENT) throw new RejectionException(new Forbidden());
  }

  private Mono<Void> close(RequestContext context, SessionId session) {
    return messageGateway
        .send(context, new CloseSession(session, null))
        .then()
        .onErrorResume(ChatService::isEnd, end -> Mono.empty());
  }

  private Mono<SessionId> findSession(RequestContext context) {
    return messageGateway
        .query(context, new FindUserChat(context.tenant()), UserChatView.class)
        .flatMap(chat -> Mono.justOrEmpty(chat.sessionId()));
  }

  /** Returns whether the session accepts no queries of the user any more. */
  private static boolean isEnd(Throwable failure) {
    return failure instanceof RejectionException exception
        && switch (exception.rejection()) {
          case SessionEnded _, SessionExpired _ -> true;
          case NotFound missing -> missing.resourceType().equals("session");
          default -> false;
        };
  }

  private static UserChatId chatOf(RequestContext context) {
    return UserChatId.of(context.caller().user());
  }

  /** Returns the agent by its id, because a user could give its name to another one. */
  private static AgentId brain(RequestContext context) {
    return AgentId.shipped(context.tenant(), AGENT);
  }
}
