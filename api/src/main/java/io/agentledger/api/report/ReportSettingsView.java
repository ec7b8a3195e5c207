package io.agentledger.api.report;

import io.agentledger.api.shared.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Report settings of a tenant.
 *
 * @param organization on the cover; null if there is none
 * @param footer line at the end of each page; null if there is none
 * @param accentColor null for the default
 * @param logo null if there is none
 * @param version increases with each change; 0 before the first
 */
public record ReportSettingsView(
    @Nullable String organization,
    @Nullable String footer,
    @Nullable String accentColor,
    @Nullable ReportLogo logo,
    List<ReportSettings.Retention> retention,
    long version)
    implements Versioned {}
