package io.agentledger.projection.template;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of templates. */
public interface TemplateVersionRowRepository extends VersionRepository<TemplateVersionRow> {}
