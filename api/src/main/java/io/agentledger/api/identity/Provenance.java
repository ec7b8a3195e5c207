package io.agentledger.api.identity;

import io.agentledger.api.shared.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tenant, actor, credential and origin of an operation. It is metadata of every command and stored
 * with every event; the event store rejects an event without it. Correlation and causation ids are
 * added as messages cause one another.
 *
 * @param request id of the external request, or of the job, that started the operation
 * @param source address and user agent of the client; only requests to the API have one
 * @param traceparent span of the operation in W3C format; empty without tracing
 */
public record Provenance(
    TenantId tenant,
    Actor actor,
    CredentialId credential,
    String request,
    RequestSource source,
    String traceparent) {
  public static final String TENANT = "tenant";
  public static final String ACTOR = "actor";
  public static final String CREDENTIAL = "credential";
  public static final String REQUEST = "request";
  public static final String CORRELATION = "correlation";
  public static final String CAUSATION = "causation";
  public static final String IP = "ip";
  public static final String USER_AGENT = "user_agent";
  public static final String TRACEPARENT = "traceparent";

  /** Credential id of operations that the service performs by itself. */
  public static final CredentialId SYSTEM =
      new CredentialId(Ids.derived(CredentialId.PREFIX, "system"));

  /** Metadata keys that every event must have. */
  public static final List<String> KEYS =
      List.of(TENANT, ACTOR, CREDENTIAL, REQUEST, CORRELATION, CAUSATION);

  /** Sagas store this record as JSON across upgrades, so fields that are newer may be missing. */
  public Provenance {
    source = Objects.requireNonNullElse(source, RequestSource.NONE);
    traceparent = Objects.requireNonNullElse(traceparent, "");
  }

  public Provenance(TenantId tenant, Actor actor, CredentialId credential, String request) {
    this(tenant, actor, credential, request, RequestSource.NONE);
  }

  public Provenance(
      TenantId tenant, Actor actor, CredentialId credential, String request, RequestSource source) {
    this(tenant, actor, credential, request, source, "");
  }

  /**
   * Creates the provenance of an operation that the service performs by itself, not on behalf of a
   * user.
   */
  public static Provenance ofSystem(TenantId tenant, String request) {
    return new Provenance(tenant, Actor.SERVICE, SYSTEM, request);
  }

  /** Returns the same request, continued by the service itself. */
  public Provenance asService() {
    return new Provenance(tenant, Actor.SERVICE, credential, request);
  }

  /**
   * Returns the same provenance without its source, for operations that the service derives from
   * it.
   */
  public Provenance withoutSource() {
    return new Provenance(tenant, actor, credential, request, RequestSource.NONE, traceparent);
  }

  /** Returns the metadata of a command, with the known parts of the source. */
  public Map<String, Object> asMetadata() {
    var metadata = new HashMap<String, Object>();
    metadata.put(TENANT, tenant.value());
    metadata.put(ACTOR, actor.toString());
    metadata.put(CREDENTIAL, credential.value());
    metadata.put(REQUEST, request);
    if (!source.ip().isEmpty()) metadata.put(IP, source.ip());
    if (!source.userAgent().isEmpty()) metadata.put(USER_AGENT, source.userAgent());
    if (!traceparent.isEmpty()) metadata.put(TRACEPARENT, traceparent);
    return metadata;
  }

  public static Provenance of(Map<String, ?> metadata) {
    return new Provenance(
        new TenantId(String.valueOf(metadata.get(TENANT))),
        Actor.parse(String.valueOf(metadata.get(ACTOR))),
        new CredentialId(String.valueOf(metadata.get(CREDENTIAL))),
        String.valueOf(metadata.get(REQUEST)),
        new RequestSource(text(metadata, IP), text(metadata, USER_AGENT)),
        text(metadata, TRACEPARENT));
  }

  private static String text(Map<String, ?> metadata, String key) {
    return metadata.get(key) instanceof String text ? text : "";
  }
}
