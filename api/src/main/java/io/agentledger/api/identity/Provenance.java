package io.agentledger.api.identity;

import java.util.List;
import java.util.Map;

/**
 * For whom, by whom and with what something is done. It travels as metadata with every command and
 * is stored with every event; the event store refuses an event without it. Correlation and
 * causation are added as messages cause one another.
 *
 * @param request the id of the outside request, or of the job, that began it
 */
public record Provenance(TenantId tenant, Actor actor, KeyId credential, String request) {
  public static final String TENANT = "tenant";
  public static final String ACTOR = "actor";
  public static final String CREDENTIAL = "credential";
  public static final String REQUEST = "request";
  public static final String CORRELATION = "correlation";
  public static final String CAUSATION = "causation";

  /** What no event may lack. */
  public static final List<String> KEYS =
      List.of(TENANT, ACTOR, CREDENTIAL, REQUEST, CORRELATION, CAUSATION);

  /** As metadata of a command. */
  public Map<String, Object> asMetadata() {
    return Map.of(
        TENANT, tenant.value(),
        ACTOR, actor.toString(),
        CREDENTIAL, credential.value(),
        REQUEST, request);
  }

  public static Provenance of(Map<String, ?> metadata) {
    return new Provenance(
        new TenantId(String.valueOf(metadata.get(TENANT))),
        Actor.parse(String.valueOf(metadata.get(ACTOR))),
        new KeyId(String.valueOf(metadata.get(CREDENTIAL))),
        String.valueOf(metadata.get(REQUEST)));
  }
}
