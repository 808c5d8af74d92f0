/** Who puts the assistant online, from `knowledge/organisme.yml`: the server fills it in (`channels/website.py`). */
export const PRIVACY = "";
