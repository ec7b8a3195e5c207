package io.agentledger.api.channel;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.vault.SecretRef;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a channel.
 *
 * @param description null for none
 * @param settings fields that the platform declares
 * @param apiUrl base URL of the platform's API; null for the platform's own
 * @param agent null for none
 * @param agentActive whether the agent answers in new chats
 */
public record ChannelDefinition(
    @Nullable String description,
    Map<String, String> settings,
    @Nullable String apiUrl,
    @Nullable ChannelAgent agent,
    AgentBuffer buffer,
    boolean agentActive) {
  public static final int SETTING_LENGTH_MAX = 2_048;
  public static final int SETTINGS_MAX = 32;

  public ChannelDefinition {
    settings = OrderedCopy.of(settings);
  }

  /** Returns the secret of an external agent. */
  public Optional<SecretRef> agentSecret() {
    return agent instanceof ChannelAgent.External external
        ? Optional.of(external.secret())
        : Optional.empty();
  }
}
