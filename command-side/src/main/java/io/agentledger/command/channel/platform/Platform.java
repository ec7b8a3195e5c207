package io.agentledger.command.channel.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Messaging platform: verifies and reads its webhooks, and calls its API. Implementations are
 * thread-safe, keep no state and know nothing of chats. Methods that call the API block for at most
 * the timeout of the guarded client.
 */
public interface Platform {
  PlatformDescription description();

  /**
   * Returns the faults of a channel's fields, before any secret is opened.
   *
   * @param credentials names of the credentials that are given
   */
  default List<FieldFault> validate(Map<String, String> settings, Set<String> credentials) {
    return description().validate(settings, credentials);
  }

  /**
   * Returns the rule that this installation breaks, as "must ...", for platforms that need one of
   * its settings; empty if channels can work.
   *
   * @param publicUrl base URL at which platforms reach the service; empty if it is not set
   */
  default Optional<String> findInstallationFault(String publicUrl) {
    return Optional.empty();
  }

  /**
   * Returns the rule that an opened secret breaks, as "must ...", without its value; empty if it
   * can be used.
   *
   * @param credential name of the credential
   */
  default Optional<String> findSecretFault(String credential, String secret) {
    return Optional.empty();
  }

  /**
   * Answers a check of the webhook's address, and verifies that check itself.
   *
   * @return empty if the request is no check of the address, or is not verified
   */
  default Optional<Handshake> handshake(
      ChannelAccount account, PlatformRequest request, Instant now) {
    return Optional.empty();
  }

  /**
   * Returns whether the headers that the signature scheme demands are there and its timestamp is
   * recent. Reads no body and no secret, so requests can be refused early.
   */
  boolean hasCredentials(PlatformRequest request, Instant now);

  /** Verifies the request over its raw body, in constant time for each secret. */
  boolean verify(ChannelAccount account, PlatformRequest request, Instant now);

  /**
   * Reads a verified request.
   *
   * @return in the order of the request; empty for requests that contain neither messages nor
   *     statuses for this account
   * @throws UnreadableRequestException if the body is not of the platform's format
   */
  List<InboundItem> read(ChannelAccount account, PlatformRequest request);

  /**
   * Divides a message into parts that one request each can send. The same message always has the
   * same parts, whose ids are the message's id and a number from 0.
   */
  List<OutboundPart> divide(OutboundMessage message);

  /**
   * Returns why a template cannot be sent, part of a sentence about the platform; empty if it can.
   *
   * @param language empty if none is given
   */
  default Optional<String> findTemplateFault(String name, String language) {
    return Optional.empty();
  }

  /** Sends one part. Never repeats a request. */
  SendResult send(ChannelAccount account, OutboundPart part);

  /**
   * Fetches media of an inbound message. Its type is that of its bytes.
   *
   * @param bytesMax maximum size, of at most 64 MB
   */
  MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax);

  /** Shows the contact that a reply is being written, if the platform can. Failures are ignored. */
  default void showTyping(ChannelAccount account, TypingTarget target) {}

  /** Asks the platform for the account's name with the channel's credentials. */
  ConnectionTest test(ChannelAccount account);
}
