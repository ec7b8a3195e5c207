package io.agentledger.api.channel;

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

  /** Request to an existing channel whose body may be read. */
  interface PendingRequest {
    /** Returns the size of the largest body that it may have. */
    int bodyLimit();

    /**
     * Verifies the request with its body, and stores its messages and statuses.
     *
     * @return empty if it is not verified
     * @throws io.agentledger.api.shared.RejectionException if it cannot be stored
     */
    Optional<ChannelResponse> receive(ChannelRequest request);
  }

  /**
   * Finds the channel of a request.
   *
   * @param headers the request without its body
   * @return empty if there is no such channel, or the headers show that the request cannot be
   *     accepted, so that its body is not read; callers are not told which
   */
  Optional<PendingRequest> find(ChannelAddress address, ChannelRequest headers);
}
