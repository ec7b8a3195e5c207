package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for channels. Data is JSON in both directions, with the fields of REST. */
@Controller
class ChannelRSocketController {
  private final ChannelService channelService;
  private final WireJson json;

  ChannelRSocketController(ChannelService channelService, WireJson json) {
    this.channelService = channelService;
    this.json = json;
  }

  /** Parameters of a list of channels; null is the default. */
  record ListParams(
      @Nullable String platform,
      @Nullable Boolean paused,
      @Nullable String text,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of an archived channel. */
  record ArchivedResponse(ChannelId id) {}

  @MessageMapping("platforms.list")
  Mono<byte[]> listPlatforms(RequestContext context) {
    return channelService.listPlatforms(context).map(json::toBytes);
  }

  @MessageMapping("channels.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(SaveChannelRequest.class);
    return channelService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("channels.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        new ChannelFilter(
            params.platform(),
            params.paused(),
            params.text(),
            Boolean.TRUE.equals(params.includeArchived()));
    return channelService.list(context, filter, page).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.get")
  Mono<byte[]> find(@DestinationVariable ChannelId id, RequestContext context) {
    return channelService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.change")
  Mono<byte[]> change(@DestinationVariable ChannelId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(SaveChannelRequest.class);
    return channelService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable ChannelId id, RequestContext context) {
    return channelService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("channels.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable ChannelId id, RSocketBody body, RequestContext context) {
    return channelService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable ChannelId id, RequestContext context) {
    return channelService.pause(context, id, null).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.resume")
  Mono<byte[]> resume(@DestinationVariable ChannelId id, RequestContext context) {
    return channelService.resume(context, id, null).map(json::toBytes);
  }

  @MessageMapping("channels.{id}.test")
  Mono<byte[]> test(@DestinationVariable ChannelId id, RequestContext context) {
    return channelService.test(context, id).map(json::toBytes);
  }
}
