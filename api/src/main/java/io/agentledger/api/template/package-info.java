/** Templates: reusable requests to open a session. */
@NullMarked
package io.agentledger.api.template;

import org.jspecify.annotations.NullMarked;
