package io.agentledger.api.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Event in the structured mode of CloudEvents 1.0.
 *
 * @param id id of the event, the same for all subscriptions
 * @param source path of the session, execution, report or subscription
 * @param subject run or pending action of a session; null for an event about the source itself
 * @param dataref URL of the data if it is too large; else null
 * @param data null if it is too large
 */
public record CloudEvent(
    String specversion,
    String id,
    String source,
    String type,
    @Nullable String subject,
    Instant time,
    String datacontenttype,
    @Nullable String dataref,
    @Nullable Object data) {
  /** Version of the specification. */
  public static final String SPEC_VERSION = "1.0";

  public static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";
  public static final String DATA_MEDIA_TYPE = "application/json";

  /** Maximum size of a request's body; larger data is replaced by its URL. */
  public static final int BYTES_MAX = 256 * 1024;

  /** Returns the event with the URL of its data instead of the data. */
  public CloudEvent withReference(String url) {
    return new CloudEvent(specversion, id, source, type, subject, time, datacontenttype, url, null);
  }
}
