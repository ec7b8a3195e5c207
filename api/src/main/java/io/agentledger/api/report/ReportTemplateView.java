package io.agentledger.api.report;

import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Template of the reports of a type.
 *
 * @param introduction Markdown with Mustache tags; null if there is none
 * @param closing the same; null if there is none
 * @param sections in their order; empty: all
 * @param version from 1; a change must name the current one
 */
public record ReportTemplateView(
    ReportTemplateId id,
    String name,
    ReportType type,
    @Nullable String introduction,
    @Nullable String closing,
    List<String> sections,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {}
