/** Reports: documents about sessions, usage and access, made by jobs from what is recorded. */
@NullMarked
package io.agentledger.api.report;

import org.jspecify.annotations.NullMarked;
