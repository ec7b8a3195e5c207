package io.agentledger.gateway.session.playback;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.playback.SessionPlayback.PlayedItem;
import io.agentledger.gateway.support.web.EventStreams;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Playback of a session over HTTP, as server-sent events. */
@RestController
@RequestMapping(SessionController.PATH + "/{id}/playback")
@Tag(name = "events")
class PlaybackController {
  private final SessionPlayback sessionPlayback;

  PlaybackController(SessionPlayback sessionPlayback) {
    this.sessionPlayback = sessionPlayback;
  }

  @GetMapping
  @Operation(
      operationId = "playSession",
      summary = "Play stored events back with their original spacing, faster or slower",
      description =
          "Each item is as in the stream of events, with `replay: true`. The last one is `done`, or"
              + " `error`. Transient events are not stored, so text appears block by block.")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of items; the data of each event is one item",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  Mono<ResponseEntity<Flux<ServerSentEvent<String>>>> play(
      @PathVariable SessionId id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable Long after,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Long until,
      @RequestParam(required = false) @Nullable Double speed,
      @RequestParam(name = "max_gap_ms", required = false) @Nullable Integer maxGapMs,
      RequestContext context) {
    var position = Pagination.parseResumePosition(lastEventId, after);
    boolean reconnected = lastEventId != null && !lastEventId.isEmpty();
    var params = new PlaybackParams(position, reconnected ? null : from, until, speed, maxGapMs);
    return sessionPlayback
        .play(context, id, params)
        .map(
            items ->
                ResponseEntity.ok()
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .cacheControl(CacheControl.noStore())
                    .header("X-Accel-Buffering", "no") // Disables buffering in proxies.
                    .body(EventStreams.withPings(items.map(PlaybackController::toEvent))));
  }

  private static ServerSentEvent<String> toEvent(PlayedItem item) {
    var id = item.sequence() == null ? null : item.sequence().toString();
    return EventStreams.event(item.type(), id, item.json());
  }
}
