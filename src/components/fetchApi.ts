/** A file of the site's own API, such as "KATL.json"; the page's head says where the API is. */
export async function fetchApi<T>(name: string): Promise<T> {
  const base = document.querySelector<HTMLMetaElement>("meta[name=api]")?.content ?? "./api/";
  const response = await fetch(base + name);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return (await response.json()) as T;
}
