package io.agentledger.gateway.trigger;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelReceiver;
import io.agentledger.api.channel.ChannelReceiver.ChannelAddress;
import io.agentledger.api.channel.ChannelReceiver.ChannelHandshake;
import io.agentledger.api.channel.ChannelReceiver.ChannelReceipt;
import io.agentledger.api.channel.ChannelReceiver.ChannelResponse;
import io.agentledger.api.channel.ChannelRequest;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.WebhookRefused;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.WebhookReceiver;
import io.agentledger.api.trigger.WebhookReceiver.WebhookAddress;
import io.agentledger.api.trigger.WebhookReceiver.WebhookChallenge;
import io.agentledger.api.trigger.WebhookReceiver.WebhookReceipt;
import io.agentledger.api.trigger.WebhookReceiver.WebhookResponse;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints that receive webhooks. Their senders have no credential of this service: the
 * signature is verified instead. The body is read only if the headers may be those of a known
 * sender, and the bodies that are read at the same time have a limit together. A request that is
 * not acknowledged counts against the address of its sender, and against this address at this
 * trigger. Only the second allowance refuses valid requests, because many tenants of a provider
 * send from the same addresses.
 */
@RestController
@RequestMapping(path = "/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "triggers")
class WebhookController {
  private static final int HEADER_LENGTH_MAX = 2_000;

  private final ObjectProvider<WebhookReceiver> receiver;
  private final ObjectProvider<ChannelReceiver> channelReceiver;
  private final RateLimiter rateLimiter;
  private final MessageGateway messageGateway;
  private final WebhookBodies bodies = new WebhookBodies();

  WebhookController(
      ObjectProvider<WebhookReceiver> receiver,
      ObjectProvider<ChannelReceiver> channelReceiver,
      RateLimiter rateLimiter,
      MessageGateway messageGateway) {
    this.receiver = receiver;
    this.channelReceiver = channelReceiver;
    this.rateLimiter = rateLimiter;
    this.messageGateway = messageGateway;
  }

  @PostMapping("/{provider}/{trigger}")
  @SecurityRequirements
  @Operation(
      operationId = "receiveWebhook",
      summary =
          "Receive a webhook for a trigger; 202 if it is stored, 200 if it was before. With the id"
              + " of a channel, receive messages of a messaging platform; 200")
  @ApiResponse(
      responseCode = "202",
      description = "The webhook is stored",
      content = @Content(schema = @Schema(implementation = WebhookReceipt.class)))
  @ApiResponse(
      responseCode = "200",
      description = "It was stored before; or the challenge of Slack, as a text",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = WebhookReceipt.class)),
        @Content(
            mediaType = MediaType.TEXT_PLAIN_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  Mono<ResponseEntity<Object>> receive(
      @PathVariable String provider, @PathVariable String trigger, ServerHttpRequest request) {
    return trigger.startsWith(ChannelId.PREFIX + "_")
        ? receiveForChannel(provider, trigger, request)
        : receiveFor(new WebhookAddress(provider, parse(trigger)), request);
  }

  @GetMapping("/{provider}/{trigger}")
  @SecurityRequirements
  @Operation(
      operationId = "checkWebhookAddress",
      summary = "Answer a messaging platform that checks the address of a channel")
  @ApiResponse(
      responseCode = "200",
      description = "The answer that the platform expects",
      content =
          @Content(
              mediaType = MediaType.TEXT_PLAIN_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  Mono<ResponseEntity<Object>> check(
      @PathVariable String provider, @PathVariable String trigger, ServerHttpRequest request) {
    return receiveForChannel(provider, trigger, request);
  }

  private Mono<ResponseEntity<Object>> receiveForChannel(
      String platform, String channel, ServerHttpRequest request) {
    var address = new ChannelAddress(platform, parseChannel(channel));
    return receiveFrom(
        request,
        RequestSourceResolver.resolve(request).ip(),
        address,
        () ->
            channelReceiver
                .getObject()
                .find(address, toChannel(request, new byte[0]))
                .map(
                    pending ->
                        new ExpectedBody(
                            pending.bodyLimit(),
                            body ->
                                pending
                                    .receive(toChannel(request, body))
                                    .map(WebhookController::toEntity))));
  }

  /** An id that is none gets the response of an unknown one. */
  private static ChannelId parseChannel(String channel) {
    try {
      return new ChannelId(channel);
    } catch (IllegalArgumentException exception) {
      return ChannelId.next();
    }
  }

  private static ChannelRequest toChannel(ServerHttpRequest request, byte[] body) {
    var headers = new HashMap<String, List<String>>();
    request
        .getHeaders()
        .forEach(
            (name, values) -> {
              if (values.stream().allMatch(value -> value.length() <= HEADER_LENGTH_MAX))
                headers.putIfAbsent(name.toLowerCase(Locale.ROOT), List.copyOf(values));
            });
    var query = Objects.requireNonNullElse(request.getURI().getRawQuery(), "");
    return new ChannelRequest(request.getMethod().name(), query, headers, body);
  }

  private static ResponseEntity<Object> toEntity(ChannelResponse response) {
    return switch (response) {
      case ChannelReceipt receipt -> ResponseEntity.ok(receipt);
      case ChannelHandshake(var mediaType, var body) ->
          ResponseEntity.ok().contentType(MediaType.parseMediaType(mediaType)).body(body);
    };
  }

  @PostMapping("/{provider}")
  @SecurityRequirements
  @Operation(
      operationId = "receiveDefaultWebhook",
      summary = "Receive a webhook for the default trigger of a provider")
  @ApiResponse(
      responseCode = "202",
      description = "The webhook is stored",
      content = @Content(schema = @Schema(implementation = WebhookReceipt.class)))
  @ApiResponse(
      responseCode = "200",
      description = "It was stored before; or the challenge of Slack, as a text",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = WebhookReceipt.class)),
        @Content(
            mediaType = MediaType.TEXT_PLAIN_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  Mono<ResponseEntity<Object>> receive(@PathVariable String provider, ServerHttpRequest request) {
    return receiveFor(new WebhookAddress(provider, null), request);
  }

  /** An id that is none gets the response of an unknown one. */
  private static TriggerId parse(String trigger) {
    try {
      return new TriggerId(trigger);
    } catch (IllegalArgumentException exception) {
      return TriggerId.next();
    }
  }

  private Mono<ResponseEntity<Object>> receiveFor(
      WebhookAddress address, ServerHttpRequest request) {
    var headers = headersOf(request);
    var source = RequestSourceResolver.resolve(request);
    return receiveFrom(
        request,
        source.ip(),
        address,
        () ->
            Optional.of(
                    receiver
                        .getObject()
                        .findBodyLimit(address, new WebhookRequest(headers, new byte[0])))
                .filter(limit -> limit > 0)
                .map(
                    limit ->
                        new ExpectedBody(
                            limit,
                            body ->
                                receiver
                                    .getObject()
                                    .receive(address, new WebhookRequest(headers, body), source)
                                    .map(WebhookController::toEntity))));
  }

  /** Body that may be read, and what is done with it. */
  private record ExpectedBody(
      int limit, Function<byte[], Optional<ResponseEntity<Object>>> operation) {}

  private Mono<ResponseEntity<Object>> receiveFrom(
      ServerHttpRequest request,
      String source,
      Object address,
      Supplier<Optional<ExpectedBody>> expectation) {
    return messageGateway
        .offload(() -> Mono.justOrEmpty(expectation.get()))
        .flatMap(
            expected ->
                limited(
                    source + " " + address,
                    bodies
                        .read(
                            request,
                            source,
                            address,
                            expected.limit(),
                            body ->
                                messageGateway.offload(
                                    () -> Mono.justOrEmpty(expected.operation().apply(body))))
                        .switchIfEmpty(refused())))
        .switchIfEmpty(refused())
        .doOnCancel(() -> rateLimiter.tryAcquireAnonymous(source))
        .onErrorMap(
            failure ->
                rateLimiter.tryAcquireAnonymous(source)
                    ? failure
                    : rateLimiter.anonymousLimitReached());
  }

  /** Rejects an operation after too many of the same sender to the same address have failed. */
  private <T> Mono<T> limited(String sender, Mono<T> operation) {
    if (!rateLimiter.hasAnonymousAllowance(sender))
      return Mono.error(rateLimiter.anonymousLimitReached());
    return operation
        .doOnCancel(() -> rateLimiter.tryAcquireAnonymous(sender))
        .doOnError(failure -> rateLimiter.tryAcquireAnonymous(sender));
  }

  private static <T> Mono<T> refused() {
    return Mono.error(() -> new RejectionException(new WebhookRefused()));
  }

  private static ResponseEntity<Object> toEntity(WebhookResponse response) {
    return switch (response) {
      case WebhookReceipt receipt ->
          ResponseEntity.status(receipt.duplicate() ? HttpStatus.OK : HttpStatus.ACCEPTED)
              .body(receipt);
      case WebhookChallenge(var challenge) ->
          ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(challenge);
    };
  }

  private static Map<String, String> headersOf(ServerHttpRequest request) {
    var headers = new HashMap<String, String>();
    request
        .getHeaders()
        .forEach(
            (name, values) -> {
              var value = values.isEmpty() ? "" : values.getFirst();
              if (value.length() <= HEADER_LENGTH_MAX)
                headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            });
    return headers;
  }
}
