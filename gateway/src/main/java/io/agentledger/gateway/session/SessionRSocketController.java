package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Stage;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.input.SessionMessageHandler;
import io.agentledger.gateway.session.query.CreateQueryRequest;
import io.agentledger.gateway.session.query.QueryInNewSessionRequest;
import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
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

/** Sessions over RSocket. Data is JSON both ways, with the fields of REST. */
@Controller
public class SessionRSocketController {
  private final SessionService sessionService;
  private final SessionStreamRegistry sessionStreamRegistry;
  private final SessionMessageHandler sessionMessageHandler;
  private final MessageGateway messageGateway;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  SessionRSocketController(
      SessionService sessionService,
      SessionStreamRegistry sessionStreamRegistry,
      SessionMessageHandler sessionMessageHandler,
      MessageGateway messageGateway,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.sessionService = sessionService;
    this.sessionStreamRegistry = sessionStreamRegistry;
    this.sessionMessageHandler = sessionMessageHandler;
    this.messageGateway = messageGateway;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  /** Which page; null is the default. */
  record ListParams(
      @Nullable Activity activity,
      @Nullable Set<@Nullable Stage> stage,
      @Nullable String tag,
      @Nullable String permissionMode,
      @Nullable String executor,
      @Nullable String owner,
      @Nullable String agent,
      @Nullable String from,
      @Nullable String to,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable String cursor) {
    SessionListParams toParams() {
      return new SessionListParams(permissionMode, executor, owner, agent, from, to, text);
    }
  }

  /** One session. */
  record SessionParams(@Nullable SessionId id) {}

  /** Where a stream begins; null is now. */
  record StreamParams(@Nullable Long after) {}

  @MessageMapping("sessions.open")
  Mono<byte[]> open(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var request = validator.check(json.read(fields, CreateSessionRequest.class));
    return sessionService
        .open(context, request, idempotencyKeys.create(key, "sessions.open", request))
        .flatMap(id -> sessionService.find(context, id))
        .map(json::bytes);
  }

  @MessageMapping("sessions.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var id = json.read(json.object(data), SessionParams.class).id();
    if (id == null) throw InvalidRequestException.body("/id", "must be given");
    return sessionService.find(context, id).map(json::bytes);
  }

  @MessageMapping("sessions.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var which = json.read(json.object(data), ListParams.class);
    var page = Pagination.page(which.limit(), which.cursor());
    var wanted =
        SessionFilters.sessions(which.activity(), which.stage(), which.tag(), which.toParams());
    return messageGateway
        .queryPage(context, new ListSessions(context.tenant(), wanted, page))
        .map(json::bytes);
  }

  /** With {@code session_id} in that session, else in one that it opens. */
  @MessageMapping("query")
  Flux<DataBuffer> query(
      @Payload(required = false) byte @Nullable [] data, RequestContext context) {
    return messageGateway
        .offload(() -> submitQuery(context, json.object(data)))
        .flatMapMany(query -> stream(StreamRequest.create(context, query)));
  }

  private Mono<QueryView> submitQuery(RequestContext context, ObjectNode fields) {
    var key = WireJson.text(fields, "idempotency_key");
    var session = WireJson.text(fields, "session_id");
    if (session == null) {
      var request = validator.check(json.read(fields, QueryInNewSessionRequest.class));
      return sessionService.openAndAsk(
          context, request, idempotencyKeys.create(key, "query", request));
    }
    var request = validator.check(json.read(fields, CreateQueryRequest.class));
    var idempotency = idempotencyKeys.create(key, "query " + session, request);
    return sessionService.submitQuery(context, parseSessionId(session), request, idempotency);
  }

  @MessageMapping("sessions.{id}.events")
  Flux<DataBuffer> events(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    return plan(context, parseSessionId(id), json.object(data)).flatMapMany(this::stream);
  }

  @MessageMapping("sessions.{id}.converse")
  Flux<DataBuffer> converse(
      @DestinationVariable String id, Flux<byte[]> data, RequestContext context) {
    var session = parseSessionId(id);
    var words = data.map(word -> new String(word, StandardCharsets.UTF_8));
    return words.switchOnFirst(
        (first, all) -> {
          var opening = first.get();
          if (opening == null) return all.thenMany(Flux.empty());
          var fields = json.object(opening);
          boolean talks = fields.has("type");
          return plan(context, session, talks ? json.mapper().createObjectNode() : fields)
              .flatMapMany(streamRequest -> converse(streamRequest, talks ? all : all.skip(1)));
        },
        false);
  }

  private Flux<DataBuffer> converse(StreamRequest streamRequest, Flux<String> words) {
    return Flux.deferContextual(
        context -> {
          var subscription =
              sessionStreamRegistry.rsocket(streamRequest, ClientChannel.of(context));
          return Flux.using(
              () ->
                  sessionMessageHandler
                      .handle(streamRequest.visit(), streamRequest.session(), words, subscription)
                      .subscribe(),
              hearing -> subscription,
              Disposable::dispose);
        });
  }

  private Flux<DataBuffer> stream(StreamRequest streamRequest) {
    return Flux.deferContextual(
        context -> sessionStreamRegistry.rsocket(streamRequest, ClientChannel.of(context)));
  }

  @MessageMapping("sessions.{id}.interrupt")
  Mono<Void> interrupt(@DestinationVariable String id, RequestContext context) {
    return sessionService
        .submit(context, parseSessionId(id), List.of(new Input.Interrupt()), null)
        .then();
  }

  private Mono<StreamRequest> plan(RequestContext context, SessionId session, ObjectNode fields) {
    var after = Pagination.after(null, json.read(fields, StreamParams.class).after());
    return sessionService
        .find(context, session)
        .map(view -> StreamRequest.create(context, view, after == null ? view.sequence() : after));
  }

  public static SessionId parseSessionId(String id) {
    try {
      return new SessionId(id);
    } catch (IllegalArgumentException malformed) {
      throw new RejectionException(
          new Rejection.NotFound("session", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
