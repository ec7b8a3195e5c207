package io.agentledger.api.identity;

import io.agentledger.api.shared.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * For whom, by whom and with what something is done. It travels as metadata with every command and
 * is stored with every event; the event store refuses an event without it. Correlation and
 * causation are added as messages cause one another.
 *
 * @param request the id of the outside request, or of the job, that began it
 * @param source from where; only what was done at a door has one
 * @param traceparent the span that it belongs to, as W3C writes it; empty when nobody traces
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

  /** Stands for a credential in what the service does by itself. */
  public static final CredentialId SYSTEM =
      new CredentialId(Ids.derived(CredentialId.PREFIX, "system"));

  /** What no event may lack. */
  public static final List<String> KEYS =
      List.of(TENANT, ACTOR, CREDENTIAL, REQUEST, CORRELATION, CAUSATION);

  /** Sagas keep this as JSON over upgrades: what they did not know then is not there. */
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

  /** Of what the service does by itself, for nobody. */
  public static Provenance ofSystem(TenantId tenant, String request) {
    return new Provenance(tenant, Actor.SERVICE, SYSTEM, request);
  }

  /** The same request, carried on by the service itself. */
  public Provenance asService() {
    return new Provenance(tenant, Actor.SERVICE, credential, request);
  }

  /** The same without the place that it came from: for what the house does because of it. */
  public Provenance withoutSource() {
    return new Provenance(tenant, actor, credential, request, RequestSource.NONE, traceparent);
  }

  /** As metadata of a command; of the source only what is known. */
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
