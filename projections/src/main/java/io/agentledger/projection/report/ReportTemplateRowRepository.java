package io.agentledger.projection.report;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of report templates. */
public interface ReportTemplateRowRepository extends ConfigurationRepository<ReportTemplateRow> {}
