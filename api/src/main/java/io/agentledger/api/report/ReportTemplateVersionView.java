package io.agentledger.api.report;

import io.agentledger.api.identity.Actor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Version of a report template with its author. */
public record ReportTemplateVersionView(
    long version,
    String name,
    ReportType type,
    @Nullable String introduction,
    @Nullable String closing,
    List<String> sections,
    boolean archived,
    Actor actor,
    Instant at) {}
