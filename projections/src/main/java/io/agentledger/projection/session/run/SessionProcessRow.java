package io.agentledger.projection.session.run;

import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Context usage and capabilities of a session's process as reported last. */
@Entity
@Table(name = "session_process_row")
@SuppressWarnings("NullAway.Init")
public class SessionProcessRow {
  @Id private String sessionId;
  private String tenant;
  private @Nullable String model;
  private long tokens;
  private long tokensMax;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent breakdown;

  private @Nullable Long measuredSequence;
  private @Nullable Instant measuredAt;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent capabilities;

  private @Nullable Long capabilitiesSequence;
  private @Nullable Instant capabilitiesAt;

  protected SessionProcessRow() {}

  SessionProcessRow(String tenant, String sessionId) {
    this.tenant = tenant;
    this.sessionId = sessionId;
  }

  void apply(ContextMeasured event, long sequence, Instant at) {
    model = event.model();
    tokens = event.tokens();
    tokensMax = event.tokensMax();
    breakdown = SealedContent.of(ContextMeasured.class, "breakdown", event.breakdown());
    measuredSequence = sequence;
    measuredAt = at;
  }

  void apply(CapabilitiesReported event, long sequence, Instant at) {
    capabilities =
        SealedContent.of(CapabilitiesReported.class, "capabilities", event.capabilities());
    capabilitiesSequence = sequence;
    capabilitiesAt = at;
  }

  public String sessionId() {
    return sessionId;
  }

  public String tenant() {
    return tenant;
  }

  /** Returns the model of the measured window; null before the first measurement. */
  public @Nullable String model() {
    return model;
  }

  public long tokens() {
    return tokens;
  }

  public long tokensMax() {
    return tokensMax;
  }

  public @Nullable SealedContent breakdown() {
    return breakdown;
  }

  /** Returns the sequence of the event with the last measurement. */
  public @Nullable Long measuredSequence() {
    return measuredSequence;
  }

  public @Nullable Instant measuredAt() {
    return measuredAt;
  }

  public @Nullable SealedContent capabilities() {
    return capabilities;
  }

  /** Returns the sequence of the event with the last capabilities. */
  public @Nullable Long capabilitiesSequence() {
    return capabilitiesSequence;
  }

  public @Nullable Instant capabilitiesAt() {
    return capabilitiesAt;
  }
}
