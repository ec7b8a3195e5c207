package io.agentledger.projection.session.workspace;

import io.agentledger.api.session.query.DirectoryView.Source;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.io.Serializable;

/** Primary key of a mounted directory: session, name and origin. */
@Embeddable
public record DirectoryKey(
    String sessionId, String name, @Enumerated(EnumType.STRING) Source source)
    implements Serializable {}
