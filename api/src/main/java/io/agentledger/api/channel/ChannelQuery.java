package io.agentledger.api.channel;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Queries about the channels that the caller owns or is a member of; admins and auditors see all of
 * the tenant.
 */
public sealed interface ChannelQuery extends TenantScoped {
  /**
   * Filter of a list of channels.
   *
   * @param platform null for all
   * @param paused null for all
   * @param text part of the name, in any case; null for all
   */
  record ChannelFilter(
      @Nullable String platform,
      @Nullable Boolean paused,
      @Nullable String text,
      boolean includeArchived) {}

  /** Lists channels, newest first; returns a page of {@link ChannelView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListChannels")
  record ListChannels(TenantId tenant, ChannelFilter filter, PageRequest page)
      implements ChannelQuery {}

  /** Lists versions of a channel, newest first; returns a page of {@link ChannelVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListChannelVersions")
  record ListChannelVersions(TenantId tenant, ChannelId channelId, PageRequest page)
      implements ChannelQuery {}

  /** Returns a {@link ChannelView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindChannel")
  record FindChannel(TenantId tenant, ChannelId channelId) implements ChannelQuery {}
}
