package io.agentledger.projection.report;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of the report settings of tenants. */
public interface ReportSettingsRowRepository extends ConfigurationRepository<ReportSettingsRow> {}
