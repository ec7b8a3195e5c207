package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.input.SessionMessageHandler;
import io.agentledger.gateway.session.prompt.CreateQueryRequest;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.session.stream.StreamSubscription;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** RSocket routes for sessions. Data is JSON in both directions, with the fields of REST. */
@Controller
public class SessionRSocketController {
  private final SessionService sessionService;
  private final SessionStreamRegistry sessionStreamRegistry;
  private final SessionMessageHandler sessionMessageHandler;
  private final MessageGateway messageGateway;
  private final WireJson json;
  private final IdempotencyKeys idempotencyKeys;

  SessionRSocketController(
      SessionService sessionService,
      SessionStreamRegistry sessionStreamRegistry,
      SessionMessageHandler sessionMessageHandler,
      MessageGateway messageGateway,
      WireJson json,
      IdempotencyKeys idempotencyKeys) {
    this.sessionService = sessionService;
    this.sessionStreamRegistry = sessionStreamRegistry;
    this.sessionMessageHandler = sessionMessageHandler;
    this.messageGateway = messageGateway;
    this.json = json;
    this.idempotencyKeys = idempotencyKeys;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Activity activity,
      @Nullable Set<@Nullable LifecycleStatus> lifecycle,
      @Nullable String tag,
      @Nullable String permissionMode,
      @Nullable String executor,
      @Nullable String status,
      @Nullable String mode,
      @Nullable String origin,
      @Nullable String ownerId,
      @Nullable String agent,
      @Nullable String agentId,
      @Nullable String from,
      @Nullable String to,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable String cursor) {
    SessionListParams toParams() {
      return new SessionListParams(
          permissionMode, executor, status, mode, origin, ownerId, agent, agentId, from, to, text);
    }
  }

  /** Start of a stream; null streams new events only. */
  record StreamParams(@Nullable Long after) {}

  @MessageMapping("sessions.open")
  Mono<byte[]> open(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(CreateSessionRequest.class);
    return sessionService
        .open(context, request, key.with(request))
        .flatMap(id -> sessionService.find(context, id))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.get")
  Mono<byte[]> find(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var position = body.read(PositionParams.class).toPosition();
    return sessionService.find(context, id, position).map(json::toBytes);
  }

  @MessageMapping("sessions.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        SessionFilters.toFilter(
            params.activity(), params.lifecycle(), params.tag(), params.toParams());
    return messageGateway
        .queryPage(context, new ListSessions(context.tenant(), filter, page))
        .map(json::toBytes);
  }

  /** Sends a query to the session {@code session_id}, or to a new one without it. */
  @MessageMapping("query")
  Flux<DataBuffer> query(
      @Payload(required = false) byte @Nullable [] data, RequestContext context) {
    return messageGateway
        .offload(() -> submitQuery(context, json.parseObject(data)))
        .flatMapMany(query -> stream(StreamRequest.forQuery(context, query)));
  }

  private Mono<QueryView> submitQuery(RequestContext context, ObjectNode fields) {
    var key = WireJson.removeText(fields, "idempotency_key");
    var session = WireJson.removeText(fields, "session_id");
    if (session == null) {
      var request = json.read(fields, QueryInNewSessionRequest.class);
      return sessionService.openAndQuery(
          context, request, idempotencyKeys.create(key, "query", request));
    }
    var request = json.read(fields, CreateQueryRequest.class);
    var idempotency = idempotencyKeys.create(key, "query " + session, request);
    return sessionService.submitQuery(context, parseSessionId(session), request, idempotency);
  }

  @MessageMapping("sessions.{id}.events")
  Flux<DataBuffer> streamEvents(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    return stream(createStreamRequest(context, id, body.fields()));
  }

  @MessageMapping("sessions.{id}.converse")
  Flux<DataBuffer> converse(
      @DestinationVariable SessionId id, Flux<byte[]> data, RequestContext context) {
    var messages = data.map(Utf8Text::decode);
    return messages.switchOnFirst(
        (firstSignal, allMessages) -> {
          var firstMessage = firstSignal.get();
          if (firstMessage == null) return allMessages.thenMany(Flux.empty());
          var fields = json.parseObject(firstMessage);
          boolean isInput = fields.has("type");
          return converse(
              createStreamRequest(context, id, isInput ? json.mapper().createObjectNode() : fields),
              isInput ? allMessages : allMessages.skip(1));
        },
        false);
  }

  private Flux<DataBuffer> converse(StreamRequest streamRequest, Flux<String> messages) {
    return createSubscription(streamRequest)
        .flatMapMany(
            subscription ->
                Flux.using(
                    () ->
                        sessionMessageHandler
                            .handle(
                                streamRequest.context(),
                                streamRequest.sessionId(),
                                messages,
                                subscription)
                            .subscribe(),
                    incoming -> subscription,
                    Disposable::dispose));
  }

  private Flux<DataBuffer> stream(StreamRequest streamRequest) {
    return createSubscription(streamRequest).flatMapMany(Function.identity());
  }

  private Mono<StreamSubscription<DataBuffer>> createSubscription(StreamRequest streamRequest) {
    return Mono.deferContextual(
        context ->
            sessionStreamRegistry.rsocketSubscription(streamRequest, ClientChannel.from(context)));
  }

  @MessageMapping("sessions.{id}.interrupt")
  Mono<Void> interrupt(@DestinationVariable SessionId id, RequestContext context) {
    return sessionService.submit(context, id, List.of(new Input.Interrupt()), null).then();
  }

  private StreamRequest createStreamRequest(
      RequestContext context, SessionId session, ObjectNode fields) {
    var after = Pagination.parseResumePosition(null, json.read(fields, StreamParams.class).after());
    return StreamRequest.resume(context, session, after);
  }

  public static SessionId parseSessionId(String id) {
    try {
      return new SessionId(id);
    } catch (IllegalArgumentException exception) {
      throw new RejectionException(
          new Rejection.NotFound("session", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
