package io.agentledger.api.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Port by which the gateway asks about platforms, and tests channels. */
public interface ChannelPlatforms {
  /** Returns all platforms by name. */
  List<PlatformView> list();

  /**
   * Checks the fields of a channel by its platform.
   *
   * @param credentials names of the credentials that are given
   * @return in order, empty if all are valid
   */
  List<Fault> check(String platform, ChannelDefinition definition, Set<String> credentials);

  /**
   * Looks up the secrets that a channel with valid fields names, and checks their texts. Blocks.
   *
   * @return in order, empty if all can be used, or if the caller may not name secrets
   */
  List<Fault> checkSecrets(
      Caller caller, ChannelProperties properties, ChannelDefinition definition);

  /** Asks the platform for the channel's account. Blocks. */
  ChannelTestView test(TenantId tenant, ChannelId channelId);

  /**
   * Returns the user as whom the agent of a channel will act after a change: its owner, with the
   * permissions that the editor has, too.
   *
   * @return empty if there is no such channel, or its owner is not active any more
   */
  Optional<Caller> findPrincipal(Caller editor, ChannelId channelId);

  /**
   * Fault of a field.
   *
   * @param field name of the field in JSON, such as {@code settings/bot_name}
   * @param message rule that it breaks, as "must ..."
   */
  record Fault(String field, String message) {}
}
