package io.agentledger.client.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChannelTestView;
import io.agentledger.api.channel.ChannelVersionView;
import io.agentledger.api.channel.ChannelView;
import io.agentledger.api.channel.PlatformView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.QueryString;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * Client of channels and messaging platforms. Every call blocks; safe for any number of threads.
 * Bodies of requests are JSON objects; others throw {@link IllegalArgumentException}.
 */
public final class ChannelsClient {
  private static final String CHANNELS = "/api/v1/channels";

  private final ApiHttpClient http;

  public ChannelsClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Lists the platforms that a channel can connect, by name. */
  public List<PlatformView> platforms() {
    return http.get("/api/v1/platforms", new TypeReference<Page<PlatformView>>() {}).items();
  }

  /** Lists channels that match a filter, newest first. */
  public Page<ChannelView> list(ChannelFilter filter, PageRequest page) {
    var query =
        QueryString.of(page)
            .with("platform", filter.platform())
            .with("paused", filter.paused())
            .with("text", filter.text())
            .with("include_archived", filter.includeArchived());
    return http.get(CHANNELS + query, new TypeReference<>() {});
  }

  public ChannelView find(ChannelId channel) {
    return http.get(path(channel), new TypeReference<>() {});
  }

  private static String path(ChannelId channel) {
    return CHANNELS + "/" + channel;
  }

  /** Lists the versions of a channel, newest first. */
  public Page<ChannelVersionView> versions(ChannelId channel, PageRequest page) {
    return http.get(path(channel) + "/versions" + QueryString.of(page), new TypeReference<>() {});
  }

  /** Creates a channel by the body of the request. */
  public ChannelView create(String body) {
    return http.post(CHANNELS, ClientJson.readObject(body), new TypeReference<>() {});
  }

  /**
   * Replaces a channel by the body of the request.
   *
   * @param version version that is replaced
   */
  public ChannelView change(ChannelId channel, String body, long version) {
    return http.put(path(channel), ClientJson.readObject(body), version, new TypeReference<>() {});
  }

  /** Archives a channel permanently; its address ends, and what waits to be sent fails. */
  public void archive(ChannelId channel) {
    http.delete(path(channel));
  }

  /** Asks the platform for the account of a channel, without any effect. */
  public ChannelTestView test(ChannelId channel) {
    return http.post(path(channel) + "/test", Map.of(), new TypeReference<>() {});
  }

  /** Pauses a channel, so that it receives but sends nothing, or resumes it. */
  public ChannelView setPaused(ChannelId channel, boolean paused) {
    return http.post(
        path(channel) + (paused ? "/pause" : "/resume"), Map.of(), new TypeReference<>() {});
  }
}
