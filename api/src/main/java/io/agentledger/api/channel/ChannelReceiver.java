package io.agentledger.api.channel;

import io.agentledger.api.identity.RequestSource;
import java.util.Optional;

/** Port by which the gateway hands requests of platforms to the command side. Blocks. */
public interface ChannelReceiver {
  /** Address of a channel's webhook. */
  record ChannelAddress(String platform, ChannelId channelId) {}

  /** Response to a platform. */
  sealed interface ChannelResponse {}

  /**
   * Receipt of messages and statuses, which are on the disk.
   *
   * @param stored number of those that the platform had not sent before
   */
  record ChannelReceipt(int stored) implements ChannelResponse {}

  /** Answer to a platform that checks the address; nothing is stored for it. */
  record ChannelHandshake(String mediaType, String body) implements ChannelResponse {}

  /**
   * Returns the size of the largest body that a request may have, as far as its headers show; 0 if
   * it cannot be accepted, so that its body is not read.
   */
  int findBodyLimit(ChannelAddress address, ChannelRequest headers);

  /**
   * Verifies a request, and stores its messages and statuses.
   *
   * @return empty if there is no such channel, or the request is not verified; callers are not told
   *     which
   * @throws io.agentledger.api.shared.RejectionException if it cannot be stored
   */
  Optional<ChannelResponse> receive(
      ChannelAddress address, ChannelRequest request, RequestSource source);
}
