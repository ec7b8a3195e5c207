package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionQuery.ListMessages;
import io.agentledger.api.session.SessionQuery.ListToolCalls;
import io.agentledger.api.session.ThreadId;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** A session's transcript and tool calls over RSocket. */
@Controller
class RecordRoutes {
  private final Bus bus;
  private final WireJson json;

  RecordRoutes(Bus bus, WireJson json) {
    this.bus = bus;
    this.json = json;
  }

  /**
   * Which page, null is the default.
   *
   * @param threadId of which lane alone
   */
  record Lane(@Nullable ThreadId threadId, @Nullable Integer limit, @Nullable String cursor) {}

  @MessageMapping("sessions.{id}.messages")
  Mono<byte[]> messages(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var session = SessionRoutes.known(id);
    var lane = lane(data);
    var page = Limits.page(lane.limit(), lane.cursor());
    return bus.askPage(visit, new ListMessages(visit.tenant(), session, lane.threadId(), page))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.tool-calls")
  Mono<byte[]> toolCalls(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var session = SessionRoutes.known(id);
    var lane = lane(data);
    var page = Limits.page(lane.limit(), lane.cursor());
    return bus.askPage(visit, new ListToolCalls(visit.tenant(), session, lane.threadId(), page))
        .map(json::bytes);
  }

  private Lane lane(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? new Lane(null, null, null)
        : json.read(new String(data, StandardCharsets.UTF_8), Lane.class);
  }
}
