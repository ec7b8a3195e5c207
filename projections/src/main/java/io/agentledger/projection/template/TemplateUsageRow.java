package io.agentledger.projection.template;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Number of uses of one template. */
@Entity
@Table(name = "template_count_row")
@SuppressWarnings("NullAway.Init")
public class TemplateUsageRow {
  @Id private String templateId;
  private long uses;
  private Instant lastUsedAt;

  protected TemplateUsageRow() {}

  public String templateId() {
    return templateId;
  }

  public long uses() {
    return uses;
  }

  public Instant lastUsedAt() {
    return lastUsedAt;
  }
}
