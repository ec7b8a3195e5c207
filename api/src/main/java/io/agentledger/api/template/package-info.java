/** Templates: openings of sessions that are said once and used many times. */
@NullMarked
package io.agentledger.api.template;

import org.jspecify.annotations.NullMarked;
