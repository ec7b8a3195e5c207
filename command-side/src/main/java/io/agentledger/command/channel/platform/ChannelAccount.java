package io.agentledger.command.channel.platform;

import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Account of a channel at its platform, with opened secrets. Its text form has no secrets.
 *
 * @param apiUrl base URL of the API without a slash at the end; empty for the platform's
 * @param webhookUrl public URL of the channel's webhook, as the platform calls it
 */
public record ChannelAccount(
    String channelId,
    Map<String, String> settings,
    Map<String, String> credentials,
    String apiUrl,
    String webhookUrl) {
  /** Suffix of the name of a secret that is still valid while it is replaced. */
  public static final String PREVIOUS = "_previous";

  public ChannelAccount {
    settings = OrderedCopy.of(settings);
    credentials = OrderedCopy.of(credentials);
    apiUrl = apiUrl.endsWith("/") ? apiUrl.substring(0, apiUrl.length() - 1) : apiUrl;
  }

  /** Returns the value of a setting; empty if it is not set. */
  public String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  /** Returns the value of a credential that the platform requires. */
  public String credential(String name) {
    return Optional.ofNullable(credentials.get(name))
        .orElseThrow(() -> new IllegalStateException("the channel has no credential " + name));
  }

  /** Returns the secrets that may have signed a request: the current and the previous one. */
  public List<String> secrets(String name) {
    return Stream.of(name, name + PREVIOUS)
        .map(credentials::get)
        .filter(secret -> secret != null && !secret.isEmpty())
        .toList();
  }

  /** Returns the base URL of the API. */
  public String apiUrl(PlatformDescription platform) {
    return apiUrl.isEmpty() ? platform.apiUrl() : apiUrl;
  }

  @Override
  public String toString() {
    return "ChannelAccount[" + channelId + "]";
  }
}
