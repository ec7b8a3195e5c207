package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.VisitorMessageView;
import io.agentledger.api.channel.VisitorToken;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.channel.widget.VisitorService.VisitorCredential;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.EventStreams;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import io.agentledger.gateway.support.web.Sha256;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Script of the chat widget, and REST endpoints for visitors of the pages that contain it. Visitors
 * have no credential of this service, but a token of the channel. See {@link WidgetOriginFilter}.
 */
@RestController
@Tag(name = "widget")
@SecurityRequirement(name = "visitor")
class WidgetController {
  private static final String SCRIPT = readScript();
  private static final String SCRIPT_TAG = "\"" + Sha256.hex(SCRIPT) + "\"";
  private static final MediaType JAVASCRIPT =
      MediaType.parseMediaType("text/javascript;charset=utf-8");
  private static final CacheControl CACHED = CacheControl.maxAge(Duration.ofHours(1)).cachePublic();
  private static final String BEARER = "Bearer ";

  private final VisitorService visitorService;
  private final WireJson json;

  WidgetController(VisitorService visitorService, WireJson json) {
    this.visitorService = visitorService;
    this.json = json;
  }

  private static String readScript() {
    try {
      return new ClassPathResource("widget/widget.js").getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GetMapping(WidgetOriginFilter.SCRIPT_PATH)
  @Operation(hidden = true, summary = "Load the script of the chat widget")
  ResponseEntity<String> script() {
    return ResponseEntity.ok()
        .contentType(JAVASCRIPT)
        .cacheControl(CACHED)
        .eTag(SCRIPT_TAG)
        .header("Cross-Origin-Resource-Policy", "cross-origin")
        .body(SCRIPT);
  }

  @PostMapping(
      path = "/widget/{channel}/visits",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(operationId = "visitChannel", summary = "Request a token for a visitor of a page")
  Mono<VisitorToken> visit(
      @PathVariable ChannelId channel,
      @Valid @RequestBody VisitorTokenRequest body,
      ServerHttpRequest request) {
    return visitorService.visit(channel, body, RequestSourceResolver.resolve(request));
  }

  @PostMapping(
      path = "/widget/{channel}/messages",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "sendVisitorMessage", summary = "Send a message of a visitor")
  Mono<VisitorMessageReceipt> send(
      @PathVariable ChannelId channel,
      @Valid @RequestBody VisitorMessageRequest body,
      ServerHttpRequest request) {
    return visitorService.receive(credential(channel, request), body);
  }

  @GetMapping(path = "/widget/{channel}/messages", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listVisitorMessages",
      summary = "List the messages of the visitor's chat, newest first")
  Mono<Page<VisitorMessageView>> listMessages(
      @PathVariable ChannelId channel, PageRequest page, ServerHttpRequest request) {
    return visitorService.listMessages(credential(channel, request), page);
  }

  @GetMapping("/widget/{channel}/events")
  @Operation(
      operationId = "streamVisitorMessages",
      summary = "Stream the messages of the visitor's chat")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of events `message`; the id of each is its sequence",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(implementation = VisitorMessageView.class)))
  Mono<ResponseEntity<Flux<ServerSentEvent<String>>>> stream(
      @PathVariable ChannelId channel,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable Long after,
      ServerHttpRequest request) {
    var position = Pagination.parseResumePosition(lastEventId, after);
    // The comment sends the headers at once, by which the page knows that it is connected.
    var opening = ServerSentEvent.<String>builder().comment("connected").build();
    return visitorService
        .follow(
            credential(channel, request),
            Objects.requireNonNullElse(position, 0L),
            messages -> EventStreams.withPings(messages.map(this::toEvent).startWith(opening)))
        .map(
            events ->
                ResponseEntity.ok()
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .cacheControl(CacheControl.noStore())
                    .header("X-Accel-Buffering", "no") // Disables buffering in proxies.
                    .body(events));
  }

  private ServerSentEvent<String> toEvent(VisitorMessageView message) {
    return EventStreams.event("message", Long.toString(message.sequence()), json.toText(message));
  }

  private static VisitorCredential credential(ChannelId channel, ServerHttpRequest request) {
    var header =
        Objects.requireNonNullElse(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION), "");
    var token =
        header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? header.substring(BEARER.length()).strip()
            : "";
    return new VisitorCredential(channel, token, RequestSourceResolver.resolve(request));
  }
}
